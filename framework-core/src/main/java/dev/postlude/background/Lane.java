package dev.postlude.background;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One group at work: who has a place, who has a slot, and who waits for a slot.
 *
 * <p>A task has a <em>place</em> from its admission until it has ended; there are {@code
 * maxConcurrent + maxQueued}. A <em>slot</em> is what it takes to run; there are {@code
 * maxConcurrent}, and they are handed on in the order in which they were asked for.
 *
 * <p>All methods may be called from any thread, event loops included: the monitor is held for a few
 * assignments, and nobody else's code is called under it.
 */
final class Lane {
  private final TaskGroup group;
  private final long capacity;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int places;
  private int slots;
  private int
      running; // tasks; a slot is also held between two of them, and after a task was abandoned
  private long submitted;
  private long succeeded;
  private long failed;
  private long rejected;
  private long skipped;
  private long abandoned;
  private long retried;
  private long timedOut;

  Lane(TaskGroup group) {
    this.group = group;
    this.capacity = (long) group.maxConcurrent() + group.maxQueued();
  }

  TaskGroup group() {
    return group;
  }

  /** Takes this many places, or none and returns false. */
  synchronized boolean reserve(int tasks) {
    if (places + (long) tasks > capacity) {
      return false;
    }
    places += tasks;
    submitted += tasks;
    return true;
  }

  /** Undoes a reservation, as if it had not been asked for. */
  synchronized void unreserve(int tasks) {
    places -= tasks;
    submitted -= tasks;
  }

  /** Counts tasks that got no place. */
  synchronized void reject(int tasks) {
    submitted += tasks;
    rejected += tasks;
  }

  /** Counts a task that begins an attempt, in a slot. */
  synchronized void run() {
    running++;
  }

  /** Counts a task that leaves its slot to wait for another attempt. */
  synchronized void rest() {
    running--;
    retried++;
  }

  /** Gives a place back, and counts what became of its task. */
  synchronized void end(TaskState from, TaskState how) {
    places--;
    if (from == TaskState.RUNNING) {
      running--;
    }
    switch (how) {
      case SUCCEEDED -> succeeded++;
      case FAILED -> failed++;
      case SKIPPED -> skipped++;
      case ABANDONED -> abandoned++;
      case WAITING, RUNNING, REJECTED ->
          throw new IllegalArgumentException("A task with a place does not end as " + how + ".");
    }
  }

  synchronized void countTimeout() {
    timedOut++;
  }

  /**
   * Takes a slot and returns true; or lets the strand wait for one, to be returned by {@link
   * #leave} in its turn.
   */
  synchronized boolean enter(Runnable strand) {
    if (slots < group.maxConcurrent()) {
      slots++;
      return true;
    }
    waiting.add(strand);
    return false;
  }

  /** Gives a slot back. Returns the strand that has it now and must be started, if one waited. */
  synchronized @Nullable Runnable leave() {
    Runnable next = waiting.poll();
    if (next == null) {
      slots--;
    }
    return next;
  }

  /** Counts the tasks that came to their end by themselves. */
  synchronized long finished() {
    return succeeded + failed + skipped;
  }

  synchronized BackgroundStats.Group stats(Duration oldestAge) {
    return new BackgroundStats.Group(
        submitted,
        succeeded,
        failed,
        rejected,
        skipped,
        abandoned,
        retried,
        timedOut,
        Math.max(0, running), // for a moment an abandoned task is subtracted before it was added
        places - Math.max(0, running),
        oldestAge);
  }
}
