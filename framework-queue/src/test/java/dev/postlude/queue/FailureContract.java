package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Retry;
import dev.postlude.background.TaskStatus;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A task that fails: tried again, given up, run again by hand. */
interface FailureContract extends QueueUnderTest {
  Retry AT_ONCE = Retry.times(2);

  @Test
  default void aFailedTaskIsTriedAgainAndItsErrorKept() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue()
            .define(
                "flaky",
                String.class,
                TaskPolicy.defaults().retry(AT_ONCE),
                (payload, run) -> {
                  if (calls.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet, said attempt " + run.attempt());
                  }
                });
    queue().start();

    String id = Bells.value(type.enqueue("x"));

    TaskRecord task = Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(3);
    assertThat(calls).hasValue(3);
  }

  @Test
  default void aTaskThatKeepsFailingIsDeadAndCanBeRunAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue()
            .defineWithResult(
                "hopeless",
                String.class,
                TaskPolicy.defaults().retry(AT_ONCE),
                (payload, run) -> {
                  if (calls.incrementAndGet() < 4) {
                    throw new IllegalStateException("no \0 way");
                  }
                  return "at last, in attempt " + run.attempt();
                });
    queue().start();

    String id = Bells.value(type.enqueue("x"));

    TaskRecord dead = Bells.await(queue(), id, TaskState.DEAD);
    assertThat(dead.attempt()).isEqualTo(3);
    assertThat(dead.error())
        .startsWith("java.lang.IllegalStateException: no \\0 way")
        .contains("at ");
    assertThat(queue().find(id).orElseThrow().status()).isEqualTo(TaskStatus.Phase.FAILED);
    assertThat(queue().tasks(TaskQuery.all().states(TaskState.DEAD)))
        .extracting(TaskRecord::id)
        .containsExactly(id);

    assertThat(queue().retry(id)).isTrue();
    TaskRecord task = Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(task.result()).isEqualTo("\"at last, in attempt 1\"");
    assertThat(queue().retry(id)).isFalse();
  }

  @Test
  default void aFatalExceptionIsTheEndAtOnce() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TaskType<String> type =
        queue()
            .define(
                "fatal",
                String.class,
                (payload, run) -> {
                  calls.incrementAndGet();
                  throw new FatalTaskException("there is no such address");
                });
    queue().start();

    String id = Bells.value(type.enqueue("x"));

    assertThat(Bells.await(queue(), id, TaskState.DEAD).error()).contains("no such address");
    assertThat(calls).hasValue(1);
  }

  @Test
  default void anAttemptBeyondItsTimeoutIsInterruptedAndHasFailed() throws Exception {
    BlockingQueue<Boolean> interrupted = Bells.notes();
    TaskType<String> type =
        queue()
            .defineWithResult(
                "slow",
                String.class,
                TaskPolicy.defaults().retry(Retry.never()).timeout(Duration.ofMillis(50)),
                (payload, run) -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.add(true);
                  }
                  return "too late";
                });
    queue().start();

    String id = Bells.value(type.enqueue("x"));

    assertThat(Bells.next(interrupted)).isTrue();
    assertThat(Bells.await(queue(), id, TaskState.DEAD).error())
        .startsWith("java.util.concurrent.TimeoutException: took longer than PT0.05S");
  }
}
