package dev.postlude.queue.handoff.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.queue.handoff.python.Dramatiq;
import dev.postlude.queue.handoff.python.Rq;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An app that has not added a library which it needs. */
class ClientLibraryTest {
  /** What such an app may say; loaded where neither library is. */
  public static final class Sayings {
    private Sayings() {}

    public static void say(String what) {
      switch (what) {
        case "celery-redis" -> Celery.at("redis://localhost");
        case "celery-amqp" -> Celery.at("amqp://localhost");
        case "dramatiq-redis" -> Dramatiq.at("redis://localhost");
        case "dramatiq-amqp" -> Dramatiq.at("amqp://localhost");
        case "rq" -> Rq.at("redis://localhost");
        default -> TaskQueue.rabbitmq("amqp://localhost", Path.of("tasks.db"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "celery-redis, redis.clients:jedis",
    "celery-amqp, com.rabbitmq:amqp-client",
    "dramatiq-redis, redis.clients:jedis",
    "dramatiq-amqp, com.rabbitmq:amqp-client",
    "rq, redis.clients:jedis",
    "rabbitmq, com.rabbitmq:amqp-client"
  })
  void isToldWhichOne(String what, String artifact) throws Exception {
    List<URL> left = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("jedis") && !entry.contains("amqp-client")) {
        left.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(left.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      var say = without.loadClass(Sayings.class.getName()).getMethod("say", String.class);

      assertThatThrownBy(() -> say.invoke(null, what))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("add " + artifact);
    }
  }
}
