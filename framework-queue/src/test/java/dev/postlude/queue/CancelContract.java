package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.TaskStatus;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A task that is called off: before it runs, while it does, in another process. */
interface CancelContract extends QueueUnderTest {
  @Test
  default void aWaitingTaskCanBeCancelledAndRunAgain() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue().define("waits", String.class, (payload, run) -> ran.add("ran"));
    queue().start();
    String id = Bells.value(type.after(Duration.ofHours(1)).enqueue("x"));

    assertThat(queue().cancel(id)).isTrue();

    assertThat(queue().record(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(queue().find(id).orElseThrow().status()).isEqualTo(TaskStatus.Phase.SKIPPED);
    assertThat(queue().cancel(id)).isFalse();
    assertThat(queue().retry(id)).isTrue();
    assertThat(Bells.next(ran)).isEqualTo("ran");
    Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(queue().remove(id)).isTrue();
    assertThat(queue().find(id)).isEmpty();
  }

  @Test
  default void aRunningTaskIsInterruptedWhenCancelled() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    TaskType<String> type =
        queue()
            .define(
                "runs",
                String.class,
                (payload, run) -> {
                  running.countDown();
                  new CountDownLatch(1).await();
                });
    queue().start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(queue().cancel(id)).isTrue();

    Bells.await(queue(), id, TaskState.CANCELLED);
  }

  @Test
  default void aTaskThatRunsInAnotherProcessIsInterruptedWhenCancelled() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    queue()
        .define(
            "elsewhere",
            String.class,
            (payload, run) -> {
              running.countDown();
              new CountDownLatch(1).await();
            });
    queue().start();
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
  default void aTaskThatWaitsForASuspectToEndCanBeCancelled() throws Exception {
    CountDownLatch alone = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> suspect =
        queue()
            .define(
                "suspect",
                String.class,
                (payload, run) -> {
                  alone.countDown();
                  goOn.await(60, TimeUnit.SECONDS);
                });
    TaskType<String> other =
        queue().define("other", String.class, (payload, run) -> ran.add(payload));
    queue().start();
    String first = Bells.value(suspect.after(Duration.ofHours(1)).enqueue("x"));
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("update postlude_due set consecutive_failures = 2");
      assertThat(queue().retry(first)).isTrue();
      assertThat(alone.await(30, TimeUnit.SECONDS)).isTrue();
      String waits = Bells.value(other.enqueue("ran"));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      boolean isPicked = false;
      while (!isPicked) {
        assertThat(System.nanoTime() - end).as("it was to be picked").isNegative();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        try (ResultSet row =
            statement.executeQuery("select picked from postlude_due where task_name = 'other'")) {
          isPicked = row.next() && row.getBoolean(1);
        }
      }

      assertThat(queue().cancel(waits)).isTrue();

      Bells.await(queue(), waits, TaskState.CANCELLED);
    }
    goOn.countDown();
    Bells.await(queue(), first, TaskState.SUCCEEDED);
    assertThat(ran).isEmpty();
  }
}
