package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import dev.postlude.background.Retry;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same program as with a file alone, once with an outbox and once with {@code work()}. */
class RabbitQueueLiveTest {
  private static final TaskPolicy TWICE =
      TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofMillis(10)));

  @TempDir Path folder;

  private Application application;

  @BeforeEach
  void find() throws Exception {
    application = Application.in(folder);
  }

  @AfterEach
  void close() throws Exception {
    application.close();
  }

  /** What all processes of an application have in common. */
  private interface Program<T> {
    T define(TaskQueue queue);
  }

  private TaskQueue web(String outbox) throws Exception {
    return application.web(outbox);
  }

  private void worker(Program<?> defining) throws Exception {
    application.worker(2, defining::define);
  }

  private static TaskRecord end(TaskQueue queue, String id) throws Exception {
    return Eventually.get(() -> queue.record(id).orElseThrow(), task -> task.state().isFinal());
  }

  private static String stored(java.util.concurrent.CompletionStage<String> stage)
      throws Exception {
    return stage.toCompletableFuture().get();
  }

  @Test
  void aWorkerOpensNoDatabaseAndIsToldAllThatAHandlerMayKnow() throws Exception {
    Program<TaskType<String>> type =
        queue ->
            queue.defineWithResult(
                "A name, with: ümlauts",
                String.class,
                (payload, run) -> {
                  run.progress(1, 2, "half");
                  return Map.of("payload", payload, "is", run.toString(), "key", run.key());
                });
    TaskQueue web = web("tasks.db");
    TaskType<String> tasks = type.define(web);
    web.start();
    String id = stored(tasks.enqueue("x", "key-1"));
    worker(type);

    TaskRecord task = end(web, id);
    assertThat(task.state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(task.result())
        .contains("\"payload\":\"x\"", "\"key\":\"key-1\"", "TaskRun[A name, with: ümlauts, " + id);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.handedTo()).isEqualTo("rabbitmq");
    assertThat(folder.resolve("worker.db")).doesNotExist();
    assertThat(Files.exists(folder.resolve("tasks.db"))).isTrue();
  }

  @Test
  void thePolicyIsThatOfTheWorkers() throws Exception {
    Program<Map<String, TaskType<String>>> types =
        queue -> {
          Map<String, TaskType<String>> all = new LinkedHashMap<>();
          all.put(
              "fails",
              queue.define(
                  "fails",
                  String.class,
                  TWICE,
                  (payload, run) -> {
                    throw new IllegalStateException("attempt " + run.attempt());
                  }));
          all.put(
              "fatal",
              queue.define(
                  "fatal",
                  String.class,
                  TWICE,
                  (payload, run) -> {
                    throw new FatalTaskException("attempt " + run.attempt());
                  }));
          all.put(
              "late",
              queue.define(
                  "late",
                  String.class,
                  TaskPolicy.defaults().retry(Retry.never()).timeout(Duration.ofMillis(50)),
                  (payload, run) -> {
                    new CountDownLatch(1).await();
                  }));
          all.put(
              "large",
              queue.defineWithResult(
                  "large", String.class, (payload, run) -> "x".repeat(64 << 10)));
          return all;
        };
    TaskQueue web = web("tasks.db");
    Map<String, TaskType<String>> all = types.define(web);
    web.start();
    worker(types);
    Map<String, TaskRecord> ends = new LinkedHashMap<>();
    for (Map.Entry<String, TaskType<String>> each : all.entrySet()) {
      ends.put(each.getKey(), end(web, stored(each.getValue().enqueue("x"))));
    }

    assertThat(ends.get("fails").state()).isEqualTo(TaskState.DEAD);
    assertThat(ends.get("fails").error()).contains("IllegalStateException: attempt 2");
    assertThat(ends.get("fails").attempt()).isEqualTo(2);
    assertThat(ends.get("fatal").state()).isEqualTo(TaskState.DEAD);
    assertThat(ends.get("fatal").error()).contains("FatalTaskException: attempt 1");
    assertThat(ends.get("late").error()).contains("took longer than PT0.05S");
    assertThat(ends.get("large").state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(ends.get("large").result()).as("more than 64 KB").isNull();
  }

  @Test
  void twoOutboxesOnOneServerHearOfTheirOwnTasksOnly() throws Exception {
    Program<TaskType<Integer>> type =
        queue -> queue.defineWithResult("twice", Integer.class, (number, run) -> 2 * number);
    TaskQueue one = web("one.db");
    TaskQueue other = web("other.db");
    TaskType<Integer> ofOne = type.define(one);
    TaskType<Integer> ofOther = type.define(other);
    one.start();
    other.start();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(stored((i % 2 == 0 ? ofOne : ofOther).enqueue(i)));
    }
    worker(type);
    worker(type);

    for (int i = 0; i < 40; i++) {
      TaskRecord task = end(i % 2 == 0 ? one : other, ids.get(i));
      assertThat(task.result()).as("%s", task).isEqualTo("" + 2 * i);
    }
    assertThat(one.tasks(TaskQuery.all())).hasSize(20);
    assertThat(other.tasks(TaskQuery.all())).hasSize(20);
  }

  @Test
  void whatRabbitMqHasGivenUpIsToldToTheOutboxThatItBelongsTo() throws Exception {
    Program<TaskType<Integer>> type =
        queue -> queue.defineWithResult("twice", Integer.class, (number, run) -> 2 * number);
    TaskQueue one = web("one.db");
    TaskQueue other = web("other.db");
    TaskType<Integer> ofOne = type.define(one);
    TaskType<Integer> ofOther = type.define(other);
    one.start();
    other.start();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(stored((i % 2 == 0 ? ofOne : ofOther).enqueue(i)));
    }
    for (int i = 0; i < 8; i++) { // confirmed: before that the queue may not be able to be asked
      TaskQueue queue = i % 2 == 0 ? one : other;
      String id = ids.get(i);
      Eventually.get(
          () -> queue.record(id).orElseThrow(), task -> task.state() == TaskState.HANDED_OFF);
    }
    try (Connection connection = RabbitServer.shared().connect()) {
      var channel = connection.createChannel();
      for (int i = 0; i < 8; i++) {
        var message =
            Eventually.get(
                () -> channel.basicGet(application.queue("twice"), false), got -> got != null);
        channel.basicReject(message.getEnvelope().getDeliveryTag(), false);
      }
      for (int i = 0; i < 8; i++) {
        TaskRecord task = end(i % 2 == 0 ? one : other, ids.get(i));
        assertThat(task.state()).as("%s", task).isEqualTo(TaskState.DEAD);
        assertThat(task.error()).startsWith("RabbitMQ has given it up: rejected in ");
      }
    }
  }

  @Test
  void aWorkerTellsAnOutboxWhoseQueueForRepliesWasRemoved() throws Exception {
    Program<TaskType<Integer>> type =
        queue -> queue.defineWithResult("twice", Integer.class, (number, run) -> 2 * number);
    TaskQueue first = web("tasks.db");
    TaskType<Integer> twice = type.define(first);
    first.start();
    String id = stored(twice.enqueue(21));
    Eventually.get(
        () -> first.record(id).orElseThrow(), task -> task.state() == TaskState.HANDED_OFF);
    String replies;
    try (Connection connection = RabbitServer.shared().connect()) {
      var channel = connection.createChannel();
      var message = channel.basicGet(application.queue("twice"), false);
      replies = message.getProps().getReplyTo();
      assertThat(replies).startsWith(application.prefix() + ".replies.");
      first.close();
      channel.queueDelete(replies);
    } // and the task is delivered again
    worker(type);
    TaskQueue again = web("tasks.db");
    type.define(again);
    again.start();

    assertThat(end(again, id).result()).isEqualTo("42");
  }

  @Test
  void aTaskThatIsCancelledIsInterruptedInItsWorkerAndCanRunAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Program<TaskType<Integer>> type =
        queue ->
            queue.defineWithResult(
                "long",
                Integer.class,
                (number, run) -> {
                  if (begun.getCount() == 0) {
                    return number;
                  }
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                  return null;
                });
    TaskQueue web = web("tasks.db");
    TaskType<Integer> tasks = type.define(web);
    web.start();
    worker(type);
    String id = stored(tasks.enqueue(7));
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    Eventually.get(
        () -> web.record(id).orElseThrow(), task -> task.state() == TaskState.HANDED_OFF);

    assertThat(web.cancel(id)).isTrue();

    assertThat(web.record(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(web.cancel(id)).isFalse();
    assertThat(web.retry(id)).isTrue();
    TaskRecord again =
        Eventually.get(
            () -> web.record(id).orElseThrow(), task -> task.state() == TaskState.SUCCEEDED);
    assertThat(again.result()).as("%s", again).isEqualTo("7");
  }

  @Test
  void whileRabbitMqIsDownTasksAreAcceptedAndWait() throws Exception {
    Program<TaskType<Integer>> type =
        queue ->
            queue.defineWithResult(
                "twice",
                Integer.class,
                TaskPolicy.defaults().retry(Retry.never()),
                (number, run) -> 2 * number);
    TaskQueue web = web("tasks.db");
    TaskType<Integer> twice = type.define(web);
    web.start();
    worker(type);
    RabbitServer.shared().stop();
    List<String> ids = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        ids.add(stored(twice.enqueue(i)));
      }
      assertThat(
              Eventually.get(() -> web.stats().unreachable(), names -> !names.isEmpty())
                  .get("twice"))
          .contains("RabbitMQ");
    } finally {
      RabbitServer.shared().start();
    }
    for (int i = 0; i < 10; i++) {
      TaskRecord task = end(web, ids.get(i));
      assertThat(task.result()).as("%s", task).isEqualTo("" + 2 * i);
      assertThat(task.attempt()).isEqualTo(1);
    }
  }

  @Test
  void aWorkerWithoutThreadsIsRefused() throws Exception {
    TaskQueue queue = web("worker.db").with(QueueOptions.defaults().threads(0));
    queue.defineWithResult("twice", Integer.class, (number, run) -> 2 * number);

    assertThatThrownBy(queue::work)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("threads(0)");
  }
}
