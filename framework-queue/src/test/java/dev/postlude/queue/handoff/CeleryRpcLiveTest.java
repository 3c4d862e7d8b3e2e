package dev.postlude.queue.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.broker.RedisCommand;
import dev.postlude.queue.handoff.broker.RedisLink;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Celery worker that sends its results back over RabbitMQ: {@code rpc://}. */
class CeleryRpcLiveTest {
  private static Child worker;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    worker = PythonWorker.celery(RabbitServer.shared().uri(), "rpc://", "rpc");
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
  }

  private TaskQueue open(String file) {
    return TaskQueue.sqlite(folder.resolve(file));
  }

  @SuppressWarnings("rawtypes") // whatever is JSON
  private static TaskType<Map> define(TaskQueue queue, String function) throws Exception {
    Celery celery = Celery.at(RabbitServer.shared().uri()).results("rpc://");
    return queue.define(function, Map.class, celery.task(function).queue("rpc"));
  }

  private static TaskRecord await(TaskQueue queue, String id, TaskState state) throws Exception {
    TaskRecord task =
        Eventually.get(() -> queue.record(id).orElseThrow(), each -> each.state() == state);
    assertThat(task.state()).as("%s", task).isEqualTo(state);
    return task;
  }

  @Test
  void resultsAndErrorsComeBackToTheOutboxThatTheyBelongTo() throws Exception {
    try (TaskQueue one = open("one.db");
        TaskQueue other = open("other.db")) {
      var thumbnail = define(one, "images.thumbnail");
      var failing = define(other, "failing");
      one.start();
      other.start();
      String good =
          thumbnail.enqueue(Map.of("url", "http://ü", "width", 120)).toCompletableFuture().get();
      String bad = failing.enqueue(Map.of("reason", "no file")).toCompletableFuture().get();

      assertThat(await(one, good, TaskState.SUCCEEDED).result())
          .isEqualTo("{\"url\":\"http://ü\",\"width\":120,\"twice\":240}");
      assertThat(await(other, bad, TaskState.DEAD).error())
          .startsWith("ValueError: no file\nTraceback");
      assertThat(one.record(bad)).isEmpty();
    }
  }

  @Test
  void progressIsSeenAndAResultThatComesWhileNobodyListensIsNotLost() throws Exception {
    String gate = "gate-" + UUID.randomUUID();
    String redis = RedisServer.shared().uri(8);
    String id;
    try (TaskQueue queue = open("tasks.db")) {
      var slow = define(queue, "slow");
      queue.start();
      id = slow.enqueue(Map.of("key", gate, "gate", redis)).toCompletableFuture().get();
      TaskRecord running =
          Eventually.get(() -> queue.record(id).orElseThrow(), task -> task.done() > 0);
      assertThat(running.message()).isEqualTo("three of ten");
    }
    try (RedisLink link = RedisLink.at(URI.create(redis), null)) {
      link.together(List.of(RedisCommand.of("RPUSH", gate, "open")));
    }
    assertThat(Eventually.get(worker::log, log -> log.contains("slow[" + id + "] succeeded")))
        .contains("slow[" + id + "] succeeded");

    try (TaskQueue queue = open("tasks.db")) {
      define(queue, "slow");
      queue.start();

      assertThat(await(queue, id, TaskState.SUCCEEDED).result()).isEqualTo("\"done\"");
    }
  }

  @Test
  void withoutRabbitMqThereIsNoSuchThing() {
    assertThatThrownBy(() -> Celery.at("redis://localhost").results("rpc://"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RabbitMQ");
  }
}
