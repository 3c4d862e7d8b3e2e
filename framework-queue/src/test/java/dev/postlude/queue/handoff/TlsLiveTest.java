package dev.postlude.queue.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.broker.RedisLink;
import dev.postlude.queue.handoff.python.Rq;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import dev.postlude.rig.Throwaway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to the brokers: whose certificate is not known, or bears another name, is not talked to. */
class TlsLiveTest {
  private static final String HOST = "127.0.0.1"; // what the certificate says

  @TempDir Path folder;

  private SSLContext trust;

  @BeforeEach
  void trust() throws Exception {
    trust = Throwaway.shared().trust();
  }

  @Test
  void tasksGoToRabbitMqOverTls() throws Exception {
    RabbitMq server = RabbitMq.at(RabbitServer.shared().tlsUri(HOST)).tls(trust);
    try (TaskQueue queue = queue(server)) {
      String id = stored(queue);

      assertThat(
              Eventually.get(
                      () -> queue.record(id).orElseThrow(),
                      task -> task.state() == TaskState.HANDED_OFF)
                  .state())
          .as("%s", queue.stats())
          .isEqualTo(TaskState.HANDED_OFF);
    }
  }

  @Test
  void aRabbitMqThatNobodyVouchesForIsNotTalkedTo() throws Exception {
    assertUnreachable(RabbitMq.at(RabbitServer.shared().tlsUri(HOST)), "PKIX");
  }

  @Test
  void aRabbitMqByAnotherNameIsNotTalkedTo() throws Exception {
    assertUnreachable(
        RabbitMq.at(RabbitServer.shared().tlsUri("localhost")).tls(trust), "localhost");
  }

  private void assertUnreachable(RabbitMq server, String why) throws Exception {
    try (TaskQueue queue = queue(server)) {
      String id = stored(queue);

      assertThat(
              Eventually.get(() -> queue.stats().unreachable(), names -> !names.isEmpty())
                  .get("orders"))
          .startsWith("RabbitMQ at ")
          .contains(why);
      assertThat(queue.record(id).orElseThrow().state()).isIn(TaskState.QUEUED, TaskState.RUNNING);
    }
  }

  private TaskQueue queue(RabbitMq server) {
    return TaskQueue.rabbitmq(
        server.prefix("t" + UUID.randomUUID()), folder.resolve(UUID.randomUUID() + ".db"));
  }

  private static String stored(TaskQueue queue) throws Exception {
    TaskType<Integer> orders =
        queue.defineWithResult("orders", Integer.class, (number, run) -> number);
    queue.start();
    return orders.enqueue(1).toCompletableFuture().get();
  }

  @Test
  void jobsGoToRedisOverTls() throws Exception {
    String id = UUID.randomUUID().toString();
    String uri = RedisServer.shared().tlsUri(HOST, 7);
    try (HandOff job = Rq.at(uri, trust).job("module.function");
        RedisLink link = RedisLink.at(URI.create(RedisServer.shared().uri(7)), null)) {
      job.publish(new Envelope(id, "name", "{}", 1, Instant.now(), null));

      assertThat(link.hashField("rq:job:" + id, "status")).isEqualTo("queued");
    }
  }

  @Test
  void aRedisThatNobodyVouchesForOrByAnotherNameIsNotTalkedTo() throws Exception {
    try (RedisLink unknown = RedisLink.at(URI.create(RedisServer.shared().tlsUri(HOST, 7)), null);
        RedisLink other =
            RedisLink.at(URI.create(RedisServer.shared().tlsUri("localhost", 7)), trust)) {
      assertThatThrownBy(() -> unknown.get("key"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PKIX");
      assertThatThrownBy(() -> other.get("key"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("localhost");
    }
  }
}
