package dev.postlude.background;

import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * What every walk through a response's tasks is driven by.
 *
 * @param workers where user code runs
 * @param hookLane bounds how many requests' finish hooks run at a time; how many wait is not
 *     bounded
 */
record Engine(
    ExecutorService workers,
    TaskTimer timer,
    Reporter reporter,
    Gate gate,
    Lane hookLane,
    SlowTasks slowTasks) {
  private static final Duration THREAD_SHORTAGE_PAUSE = Duration.ofMillis(100);

  /** Has a worker do this. Never blocks, never throws. */
  void launch(Runnable strand) {
    try {
      workers.execute(strand);
    } catch (Throwable error) {
      // After a shutdown whatever could still be launched has been abandoned, and reported as that.
      if (!workers.isShutdown()) {
        reporter.trouble("No worker could be started for background tasks; trying again.", error);
        later(() -> launch(strand), THREAD_SHORTAGE_PAUSE);
      }
    }
  }

  /**
   * Does this after the wait, on the timer's thread; on a worker and at once, if the timer will not
   * have it.
   */
  void later(Runnable action, Duration wait) {
    try {
      timer.schedule(action, wait);
    } catch (Throwable error) {
      reporter.trouble(
          "The timer refused a background task, which goes on without waiting.", error);
      try {
        workers.execute(action);
      } catch (Throwable refused) {
        reporter.trouble("No worker would have it either: only a shutdown will end it.", refused);
      }
    }
  }

  /** Rings an alarm after the wait, on the timer's thread, unless it is called off. */
  TaskTimer.Cancellable alarm(Runnable action, Duration wait) {
    try {
      return timer.alarm(action, wait);
    } catch (Throwable error) {
      reporter.trouble("The timer refused a background task's timeout, which is not kept.", error);
      return () -> {};
    }
  }

  /** Gives a slot back, and starts whoever waited for it. */
  void leave(Lane lane) {
    Runnable next = lane.leave();
    if (next != null) {
      launch(next);
    }
  }
}
