package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.background.Retry;
import dev.postlude.background.TaskStatus;
import dev.postlude.http.HttpException;
import dev.postlude.http.TypeOf;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a queue does on whatever database: run once for each. */
abstract class QueueContract {
  static final Retry AT_ONCE = Retry.times(2);

  record Mail(String to, int number) {}

  private final List<TaskQueue> opened = new ArrayList<>();
  TaskQueue queue;

  /** A queue on the database of this test, the same each time. */
  abstract TaskQueue open();

  /** A connection of the app's own to that database. */
  abstract Connection connect() throws Exception;

  @BeforeEach
  void openQueue() {
    queue = another(QueueOptions.defaults());
  }

  TaskQueue another(QueueOptions options) {
    TaskQueue another = open().with(options);
    opened.add(another);
    return another;
  }

  @AfterEach
  void closeQueues() {
    opened.forEach(TaskQueue::close);
  }

  @Test
  void anEnqueuedTaskIsRunWithItsPayload() throws Exception {
    BlockingQueue<Mail> sent = Bells.notes();
    TaskType<Mail> mail = queue.define("mail", Mail.class, (payload, run) -> sent.add(payload));
    queue.start();

    String id = Bells.value(mail.enqueue(new Mail("ada@example.org", 1)));

    assertThat(Bells.next(sent)).isEqualTo(new Mail("ada@example.org", 1));
    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.crashes()).isZero();
    assertThat(task.payload()).isEqualTo("{\"to\":\"ada@example.org\",\"number\":1}");
    assertThat(task.error()).isNull();
    assertThat(task.startedAt()).isNotNull();
    assertThat(task.finishedAt()).isNotNull();
  }

  @Test
  void theHandlerIsToldWhichTaskItIs() throws Exception {
    BlockingQueue<String> runs = Bells.notes();
    TaskType<String> type =
        queue.define(
            "told",
            String.class,
            (payload, run) ->
                runs.add(
                    run.id()
                        + " "
                        + run.name()
                        + " "
                        + run.attempt()
                        + " "
                        + run.crashes()
                        + " "
                        + run.key()
                        + " "
                        + !run.enqueuedAt().isAfter(Instant.now())));
    queue.start();

    String id = Bells.value(type.enqueue("x", "key-1"));

    assertThat(Bells.next(runs)).isEqualTo(id + " told 1 0 key-1 true");
  }

  @Test
  void whatTheHandlerReturnsIsTheResult() throws Exception {
    TaskType<List<Integer>> type =
        queue.defineWithResult(
            "sum",
            new TypeOf<List<Integer>>() {},
            (numbers, run) -> Map.of("sum", numbers.stream().mapToInt(Integer::intValue).sum()),
            TaskPolicy.defaults());
    queue.start();

    String id = Bells.value(type.enqueue(List.of(1, 2, 39)));

    Bells.await(queue, id, TaskState.SUCCEEDED);
    TaskStatus status = queue.find(id).orElseThrow();
    assertThat(status.status()).isEqualTo(TaskStatus.Phase.SUCCEEDED);
    assertThat(status.result()).isEqualTo("{\"sum\":42}");
  }

  @Test
  void aResultBeyond64KilobytesIsNotKept() throws Exception {
    TaskType<Integer> type =
        queue.defineWithResult("large", Integer.class, (size, run) -> "x".repeat(size));
    queue.start();

    String fits = Bells.value(type.enqueue((64 << 10) - 2));
    String tooLarge = Bells.value(type.enqueue((64 << 10) - 1));

    assertThat(Bells.await(queue, fits, TaskState.SUCCEEDED).result()).hasSize(64 << 10);
    assertThat(Bells.await(queue, tooLarge, TaskState.SUCCEEDED).result()).isNull();
  }

  @Test
  void aFailedTaskIsTriedAgainAndItsErrorKept() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue.define(
            "flaky",
            String.class,
            (payload, run) -> {
              if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet, said attempt " + run.attempt());
              }
            },
            TaskPolicy.defaults().retry(AT_ONCE));
    queue.start();

    String id = Bells.value(type.enqueue("x"));

    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(3);
    assertThat(calls).hasValue(3);
  }

  @Test
  void aTaskThatKeepsFailingIsDeadAndCanBeRunAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue.defineWithResult(
            "hopeless",
            String.class,
            (payload, run) -> {
              if (calls.incrementAndGet() < 4) {
                throw new IllegalStateException("no \0 way");
              }
              return "at last, in attempt " + run.attempt();
            },
            TaskPolicy.defaults().retry(AT_ONCE));
    queue.start();

    String id = Bells.value(type.enqueue("x"));

    TaskRecord dead = Bells.await(queue, id, TaskState.DEAD);
    assertThat(dead.attempt()).isEqualTo(3);
    assertThat(dead.error())
        .startsWith("java.lang.IllegalStateException: no \\0 way")
        .contains("at ");
    assertThat(queue.find(id).orElseThrow().status()).isEqualTo(TaskStatus.Phase.FAILED);
    assertThat(queue.tasks(TaskQuery.all().states(TaskState.DEAD)))
        .extracting(TaskRecord::id)
        .containsExactly(id);

    assertThat(queue.retry(id)).isTrue();
    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.result()).isEqualTo("\"at last, in attempt 1\"");
    assertThat(queue.retry(id)).isFalse();
  }

  @Test
  void aFatalExceptionIsTheEndAtOnce() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue.define(
            "fatal",
            String.class,
            (payload, run) -> {
              calls.incrementAndGet();
              throw new FatalTaskException("there is no such address");
            });
    queue.start();

    String id = Bells.value(type.enqueue("x"));

    assertThat(Bells.await(queue, id, TaskState.DEAD).error()).contains("no such address");
    assertThat(calls).hasValue(1);
  }

  @Test
  void anAttemptBeyondItsTimeoutIsInterruptedAndHasFailed() throws Exception {
    BlockingQueue<Boolean> interrupted = Bells.notes();
    TaskType<String> type =
        queue.defineWithResult(
            "slow",
            String.class,
            (payload, run) -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.add(true);
              }
              return "too late";
            },
            TaskPolicy.defaults().retry(Retry.never()).timeout(Duration.ofMillis(50)));
    queue.start();

    String id = Bells.value(type.enqueue("x"));

    assertThat(Bells.next(interrupted)).isTrue();
    assertThat(Bells.await(queue, id, TaskState.DEAD).error())
        .startsWith("java.util.concurrent.TimeoutException: took longer than PT0.05S");
  }

  @Test
  void aDelayedTaskIsNotDueBefore() throws Exception {
    BlockingQueue<Instant> ran = Bells.notes();
    TaskType<String> type =
        queue.define("later", String.class, (payload, run) -> ran.add(Instant.now()));
    queue.start();

    Instant before = Instant.now();
    String id = Bells.value(type.after(Duration.ofMillis(400)).enqueue("x"));

    assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
    assertThat(Bells.next(ran)).isAfterOrEqualTo(before.plusMillis(399));
  }

  @Test
  void aKeyStoresATaskOnceAndRefusesAnotherPayload() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue.define("once", String.class, (payload, run) -> ran.add(payload));
    TaskType<String> other = queue.define("other", String.class, (payload, run) -> {});
    queue.start();

    String id = Bells.value(type.enqueue("a", "key"));
    Bells.await(queue, id, TaskState.SUCCEEDED);

    assertThat(Bells.value(type.enqueue("a", "key"))).isEqualTo(id);
    assertThat(Bells.value(other.enqueue("b", "key"))).isNotEqualTo(id);
    CompletionStage<String> different = type.enqueue("b", "key");
    assertThatThrownBy(() -> Bells.value(different))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(HttpException.class)
        .hasRootCauseMessage("422 this idempotency key was used for another request before");
    assertThat(ran).containsExactly("a");
  }

  @Test
  void aWaitingTaskCanBeCancelledAndRunAgain() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue.define("waits", String.class, (payload, run) -> ran.add("ran"));
    queue.start();
    String id = Bells.value(type.after(Duration.ofHours(1)).enqueue("x"));

    assertThat(queue.cancel(id)).isTrue();

    assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(queue.find(id).orElseThrow().status()).isEqualTo(TaskStatus.Phase.SKIPPED);
    assertThat(queue.cancel(id)).isFalse();
    assertThat(queue.retry(id)).isTrue();
    assertThat(Bells.next(ran)).isEqualTo("ran");
    Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(queue.remove(id)).isTrue();
    assertThat(queue.find(id)).isEmpty();
  }

  @Test
  void aRunningTaskIsInterruptedWhenCancelled() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    TaskType<String> type =
        queue.define(
            "runs",
            String.class,
            (payload, run) -> {
              running.countDown();
              new CountDownLatch(1).await();
            });
    queue.start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(queue.cancel(id)).isTrue();

    Bells.await(queue, id, TaskState.CANCELLED);
  }

  @Test
  void aTaskThatRunsInAnotherProcessIsInterruptedWhenCancelled() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    queue.define(
        "elsewhere",
        String.class,
        (payload, run) -> {
          running.countDown();
          new CountDownLatch(1).await();
        });
    queue.start();
    TaskQueue looksOnly = another(QueueOptions.defaults().threads(0));
    TaskType<String> type = looksOnly.define("elsewhere", String.class, (payload, run) -> {});
    looksOnly.start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(looksOnly.cancel(id)).isTrue();

    Bells.await(looksOnly, id, TaskState.CANCELLED);
    assertThat(looksOnly.cancel(id)).isFalse();
  }

  @Test
  void progressIsStoredAtOnceAndAtTheEnd() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    TaskType<String> type =
        queue.define(
            "steps",
            String.class,
            (payload, run) -> {
              run.progress(1, 3, "one");
              run.progress(2, 3, "two");
              goOn.await();
              run.progress(3, 3, "three");
            });
    queue.start();
    String id = Bells.value(type.enqueue("x"));
    TaskStatus.Step step = null;
    while (step == null || step.total() == 0) {
      step = queue.find(id).orElseThrow().tasks().get(0);
    }
    assertThat(step.done()).isEqualTo(1);
    assertThat(step.message()).isEqualTo("one");
    goOn.countDown();
    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.done()).isEqualTo(3);
    assertThat(task.message()).isEqualTo("three");
  }

  @Test
  void anUnknownNameWaitsVisiblyUntilSomebodyKnowsIt() throws Exception {
    TaskType<String> known = queue.define("renamed", String.class, (payload, run) -> {});
    TaskQueue older = another(QueueOptions.defaults().threads(1));
    TaskType<String> old =
        older.defineWithResult("old-name", String.class, (payload, run) -> payload);
    queue.start();
    TaskQueue enqueuesOnly = another(QueueOptions.defaults().threads(0));
    TaskType<String> unknown = enqueuesOnly.define("old-name", String.class, (p, run) -> {});
    enqueuesOnly.start();

    String id = Bells.value(unknown.enqueue("x"));
    String other = Bells.value(known.enqueue("y"));
    Bells.await(queue, other, TaskState.SUCCEEDED);

    assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
    assertThat(queue.stats().unknownNames()).containsExactly("old-name");
    assertThat(queue.stats().count(TaskState.QUEUED)).isEqualTo(1);
    assertThat(old.name()).isEqualTo("old-name");
    older.start();
    Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(queue.stats().unknownNames()).isEmpty();
  }

  record Before(String name, int gone) {}

  record After(String name, List<String> added) {}

  @Test
  void aChangedPayloadIsReadAsFarAsItFits() throws Exception {
    TaskQueue before = another(QueueOptions.defaults().threads(0));
    TaskType<Before> then = before.define("changed", Before.class, (payload, run) -> {});
    TaskType<String> broken = before.define("broken", String.class, (payload, run) -> {});
    before.start();
    BlockingQueue<After> read = Bells.notes();
    queue.define("changed", After.class, (payload, run) -> read.add(payload));
    queue.define("broken", After.class, (payload, run) -> {});
    queue.start();

    Bells.value(then.enqueue(new Before("ada", 7)));
    String unreadable = Bells.value(broken.enqueue("only text"));

    assertThat(Bells.next(read)).isEqualTo(new After("ada", null));
    assertThat(Bells.await(queue, unreadable, TaskState.DEAD).error())
        .startsWith("the payload cannot be read as " + After.class.getName());
  }

  @Test
  void noMoreRunAtATimeThanThePolicySays() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TaskType<Integer> two =
        queue.define(
            "two",
            Integer.class,
            (payload, run) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              TimeUnit.MILLISECONDS.sleep(5);
              now.decrementAndGet();
            },
            TaskPolicy.defaults().maxConcurrent(2));
    queue.start();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(Bells.value(two.enqueue(i)));
    }
    for (String id : ids) {
      Bells.await(queue, id, TaskState.SUCCEEDED);
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void aShutdownLetsWhatRunsEnd() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Semaphore goOn = new Semaphore(0);
    TaskType<String> type =
        queue.defineWithResult(
            "ends",
            String.class,
            (payload, run) -> {
              running.countDown();
              goOn.acquire();
              return "done";
            });
    queue.start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    Thread stop = new Thread(() -> queue.stop(Duration.ofSeconds(60)));
    stop.start();
    goOn.release();
    stop.join(30_000);
    assertThat(stop.isAlive()).isFalse();

    queue.start();
    assertThat(queue.record(id).orElseThrow().result()).isEqualTo("\"done\"");
  }

  @Test
  void whatAShutdownCutsOffRunsAgainAndCountsNoAttempt() throws Exception {
    BlockingQueue<Integer> attempts = Bells.notes();
    Semaphore goOn = new Semaphore(0);
    TaskType<String> type =
        queue.define(
            "cut-off",
            String.class,
            (payload, run) -> {
              attempts.add(run.attempt());
              goOn.acquire();
            });
    queue.start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(Bells.next(attempts)).isEqualTo(1);
    queue.stop(Duration.ofMillis(100));
    goOn.release();

    queue.start();
    assertThat(Bells.next(attempts)).isEqualTo(1);
    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.crashes()).isZero();
  }

  @Test
  void aTaskStoredInATransactionIsThereWithItsCommitOnly() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue.define("tx", String.class, (payload, run) -> ran.add(payload));
    queue.start();

    String rolledBack;
    String committed;
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      rolledBack = type.in(connection).enqueue("rolled back");
      connection.rollback();
      committed = type.in(connection).enqueue("committed");
      connection.commit();
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> type.in(connection).enqueue("without"))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(Bells.next(ran)).isEqualTo("committed");
    Bells.await(queue, committed, TaskState.SUCCEEDED);
    assertThat(queue.record(rolledBack)).isEmpty();
  }

  @Test
  void tablesOfAnEarlierVersionAreGivenWhatTheyLack() throws Exception {
    queue.start();
    queue.close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("alter table postlude_tasks drop column cancel_at");
    }
    queue = another(QueueOptions.defaults());
    queue.start();

    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("select cancel_at from postlude_tasks").next()).isFalse();
    }
  }

  @Test
  void listsAreInPages() throws Exception {
    TaskType<Integer> type = queue.define("paged", Integer.class, (payload, run) -> {});
    queue.start();
    for (int i = 0; i < 5; i++) {
      Bells.value(type.after(Duration.ofHours(1)).enqueue(i));
    }
    TaskQuery query = TaskQuery.all().name("paged").states(TaskState.QUEUED).limit(2);
    List<String> payloads = new ArrayList<>();
    List<TaskRecord> page = queue.tasks(query);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      page.forEach(task -> payloads.add(task.payload()));
      page = queue.tasks(query.after(page.get(page.size() - 1)));
    }
    assertThat(payloads).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    assertThat(queue.tasks(TaskQuery.all().name("nobody"))).isEmpty();
  }
}
