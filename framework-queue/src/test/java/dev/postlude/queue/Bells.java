package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for things to happen, for long enough that only what never happens is missed. */
final class Bells {
  private static final Duration LONG = Duration.ofSeconds(30);

  private Bells() {}

  /** The value of a stage. */
  static <T> T value(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** The next thing that was noted. */
  static <T> T next(BlockingQueue<T> notes) throws InterruptedException {
    T next = notes.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("what was to be noted within %s", LONG).isNotNull();
    return next;
  }

  /** A list to note things in. */
  static <T> BlockingQueue<T> notes() {
    return new LinkedBlockingQueue<>();
  }

  /** The record of a task once it is in one of these states. */
  static TaskRecord await(TaskQueue queue, String id, TaskState... states) throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (true) {
      TaskRecord task = queue.record(id).orElse(null);
      if (task != null && List.of(states).contains(task.state())) {
        return task;
      }
      assertThat(System.nanoTime())
          .as("task %s was to be %s, and is %s", id, List.of(states), task)
          .isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
