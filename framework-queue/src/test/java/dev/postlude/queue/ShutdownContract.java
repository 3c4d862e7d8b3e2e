package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A queue that stops while a task runs. */
interface ShutdownContract extends QueueUnderTest {
  @Test
  default void aShutdownLetsWhatRunsEnd() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Semaphore goOn = new Semaphore(0);
    TaskType<String> type =
        queue()
            .defineWithResult(
                "ends",
                String.class,
                (payload, run) -> {
                  running.countDown();
                  goOn.acquire();
                  return "done";
                });
    queue().start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    Thread stop = new Thread(() -> queue().stop(Duration.ofSeconds(60)));
    stop.start();
    goOn.release();
    stop.join(30_000);
    assertThat(stop.isAlive()).isFalse();

    queue().start();
    assertThat(queue().record(id).orElseThrow().result()).isEqualTo("\"done\"");
  }

  @Test
  default void whatAShutdownCutsOffRunsAgainAndCountsNoAttempt() throws Exception {
    BlockingQueue<Integer> attempts = Bells.notes();
    Semaphore goOn = new Semaphore(0);
    TaskType<String> type =
        queue()
            .define(
                "cut-off",
                String.class,
                (payload, run) -> {
                  attempts.add(run.attempt());
                  goOn.acquire();
                });
    queue().start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(Bells.next(attempts)).isEqualTo(1);
    queue().stop(Duration.ofMillis(100));
    goOn.release();

    queue().start();
    assertThat(Bells.next(attempts)).isEqualTo(1);
    TaskRecord task = Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.crashes()).isZero();
  }
}
