package dev.postlude.queue.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.queue.handoff.python.Rq;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from the durable queue to workers of others and back. */
class OutboxLiveTest {
  @TempDir Path folder;

  /** What is sent. */
  record Thumb(String url, int width) {}

  /** What fails. */
  record Failure(String reason) {}

  @Test
  void aTaskWaitsInTheQueueUntilThereIsAWorkerAndItsEndIsReadBack() throws Exception {
    String results = RedisServer.shared().uri(4);
    String broker = RabbitServer.shared().uri();
    Celery celery = Celery.at(broker).results(results);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Thumb> thumbnail =
          queue.define("thumbnail", Thumb.class, celery.task("images.thumbnail").queue("outbox"));
      TaskType<Failure> failing =
          queue.define("failing", Failure.class, celery.task("failing").queue("outbox"));
      queue.start();
      String good = thumbnail.enqueue(new Thumb("http://ü", 120)).toCompletableFuture().get();
      String bad = failing.enqueue(new Failure("no such file")).toCompletableFuture().get();

      assertThat(Eventually.get(() -> read(queue, good), task -> task.error() != null).error())
          .contains("RabbitMQ has no queue \"outbox\": 312 NO_ROUTE");
      Child worker = PythonWorker.celery(broker, results, "outbox");
      try {
        TaskRecord done = Eventually.get(() -> read(queue, good), OutboxLiveTest::isFinal);
        assertThat(done.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(done.result()).isEqualTo("{\"url\":\"http://ü\",\"width\":120,\"twice\":240}");
        assertThat(done.handedTo()).isEqualTo("celery");
        assertThat(done.foreignId()).isEqualTo(good);

        TaskRecord dead = Eventually.get(() -> read(queue, bad), OutboxLiveTest::isFinal);
        assertThat(dead.state()).isEqualTo(TaskState.DEAD);
        assertThat(dead.error()).startsWith("ValueError: no such file\nTraceback");

        assertThat(queue.retry(bad)).isTrue();
        TaskRecord again =
            Eventually.get(
                () -> read(queue, bad),
                task -> isFinal(task) && task.finishedAt().isAfter(dead.finishedAt()));
        assertThat(again.state()).as("a second try is a second run").isEqualTo(TaskState.DEAD);
        assertThat(worker.log().split("ValueError: no such file", -1)).hasSizeGreaterThan(2);
      } finally {
        worker.close();
      }
    }
  }

  @Test
  void aTaskForRqWaitsForItsWorkerInRedis() throws Exception {
    String redis = RedisServer.shared().uri(5);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Thumb> thumbnail =
          queue.define(
              "thumbnail", Thumb.class, Rq.at(redis).job("rq_functions.thumbnail").queue("outbox"));
      queue.start();
      String id = thumbnail.enqueue(new Thumb("x", 1)).toCompletableFuture().get();

      TaskRecord handed =
          Eventually.get(() -> read(queue, id), task -> task.state() == TaskState.HANDED_OFF);
      assertThat(handed.handedTo()).isEqualTo("rq");
      Child worker = PythonWorker.rq(redis, "outbox");
      try {
        TaskRecord done = Eventually.get(() -> read(queue, id), OutboxLiveTest::isFinal);
        assertThat(done.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(done.result()).isEqualTo("{\"url\":\"x\",\"width\":1,\"twice\":2}");
      } finally {
        worker.close();
      }
    }
  }

  private static TaskRecord read(TaskQueue queue, String id) throws Exception {
    return queue.record(id).orElseThrow();
  }

  private static boolean isFinal(TaskRecord task) {
    return task.state().isFinal();
  }
}
