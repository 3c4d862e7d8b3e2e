package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged while another system is missing: a line each time, and no stack traces. */
class MissingBrokerTest {
  @TempDir Path folder;

  private final LogRecords log = LogRecords.warnings();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  /** A system that takes tasks or does not, and then cannot be reached. */
  private record Elsewhere(boolean takes) implements HandOff {
    @Override
    public String system() {
      return "elsewhere";
    }

    @Override
    public String publish(Envelope task) throws IOException {
      return takes ? task.id() : unreachable();
    }

    @Override
    public ForeignStatus status(String foreignId) throws IOException {
      return ForeignStatus.succeeded(unreachable());
    }

    private static String unreachable() throws IOException {
      throw new IOException("the server at b:1 cannot be reached");
    }

    @Override
    public Duration askEvery() {
      return Duration.ofMillis(5);
    }
  }

  private void assertLine(String pattern) throws InterruptedException {
    LogRecord line = log.next();
    assertThat(line.getMessage()).matches(pattern);
    assertThat(line.getThrown()).isNull();
  }

  @Test
  void whoDoesNotSayHowFarATaskIs() throws Exception {
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("far", Integer.class, new Elsewhere(true));
      queue.start();
      String id = Bells.value(type.enqueue(7));

      for (int i = 0; i < 3; i++) {
        assertLine(
            "elsewhere does not say how far .*"
                + id
                + ".* is: the server at b:1 cannot be reached; asked again in \\d+ s");
      }
    }
  }

  @Test
  void whoTakesNoTasks() throws Exception {
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("far", Integer.class, new Elsewhere(false));
      queue.start();
      Bells.value(type.enqueue(7));

      assertLine(
          "far cannot be handed over, and waits: the server at b:1 cannot be reached;"
              + " tried again in \\d+ ms");
    }
  }

  @Test
  void aWorkersRabbitMq() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    String uri = "amqp://127.0.0.1:" + nobody;
    try (TaskQueue queue = TaskQueue.rabbitmq(uri, folder.resolve("tasks.db"))) {
      queue.define("far", Integer.class, (number, run) -> {});
      try (Worker worker = Worker.of(queue)) {
        assertThat(worker).isNotNull();
        for (int i = 0; i < 3; i++) {
          assertLine(
              "Nothing is received from RabbitMQ now: RabbitMQ at 127.0.0.1:"
                  + nobody
                  + " cannot be reached: .*; tried again in \\d+ ms");
        }
      }
    }
  }
}
