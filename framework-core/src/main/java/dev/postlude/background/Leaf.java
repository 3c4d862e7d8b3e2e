package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A single task of one response, on its way. It has a place in its lane from admission until it has
 * ended.
 *
 * <pre>{@code
 * no place         a place is taken
 *    |                    |
 *    v                    v        begin
 * REJECTED             WAITING ----------------> RUNNING
 *                      | |  ^                    |  | |
 *                      | |  +---- rest: a retry -+  | |
 *                      | |                          | |
 *    excluded, skipped | | shutdown       shutdown  | | ended well or badly
 *    or cancelled      | |                          | |
 *                      v v                          v v
 *                SKIPPED ABANDONED          ABANDONED SUCCEEDED, FAILED
 * }</pre>
 *
 * <p>Whoever makes the step to the end counts it and reports it: the worker that runs the task, the
 * one that finds it is not to run, or the thread that shuts down. The step can be made once, so
 * each task is counted once.
 */
final class Leaf extends Node {
  final Lane lane;
  private final Tasks.Entry entry;
  private final int position;
  private final Instant queuedAt;
  private final AtomicReference<TaskState> state = new AtomicReference<>(TaskState.WAITING);
  private final @Nullable Hold hold; // of a stored task
  private volatile @Nullable Attempt attempt;

  Leaf(
      BackgroundTask task,
      @Nullable Join parent,
      int index,
      int element,
      Lane lane,
      Tasks.Entry entry,
      int position,
      Instant queuedAt) {
    super(task, parent, index, element);
    this.lane = lane;
    this.entry = entry;
    this.position = position;
    this.queuedAt = queuedAt;
    this.hold = task.storage() == null ? null : new Hold();
  }

  Policy policy() {
    return task.policy();
  }

  /** What an attempt does. */
  Work work() {
    Hold held = hold;
    return held == null ? task.work() : context -> held.release();
  }

  /** Begins to store it, if it is to be stored, and null if not; the stage may fail. */
  @Nullable CompletableFuture<?> store(Exchange pending) {
    Storage storage = task.storage();
    return hold == null || storage == null ? null : hold.store(storage.action(), context(pending));
  }

  ContextCarrier.Snapshot carried() {
    return entry.context();
  }

  Instant queuedAt() {
    return queuedAt;
  }

  /** Returns the latest attempt, if there was any. */
  @Nullable Attempt attempt() {
    return attempt;
  }

  int attempts() {
    Attempt latest = attempt;
    return latest == null ? 0 : latest.context().attempt();
  }

  boolean isRunning() {
    return state.get() == TaskState.RUNNING;
  }

  boolean hasEnded() {
    return state.get().ended();
  }

  /** Starts the attempt; false if the task has ended, and the attempt must not be made. */
  boolean begin(Attempt next) {
    attempt = next; // before the step: who finds the task running finds what runs
    if (!state.compareAndSet(TaskState.WAITING, TaskState.RUNNING)) {
      return false;
    }
    lane.run();
    return true;
  }

  /** Waits for the next attempt; false if the task has ended meanwhile. */
  boolean rest() {
    if (!state.compareAndSet(TaskState.RUNNING, TaskState.WAITING)) {
      return false;
    }
    lane.rest();
    return true;
  }

  /**
   * Ends the task and gives its place back, if it has not ended before.
   *
   * @return the state that it was in, or null if somebody else ended it
   */
  @Nullable TaskState end(TaskState how) {
    for (; ; ) {
      TaskState from = state.get();
      if (from.ended()) {
        return null;
      }
      if (state.compareAndSet(from, how)) {
        lane.end(from, how);
        if (how == TaskState.SKIPPED && hold != null) {
          hold.revoke();
        }
        return from;
      }
    }
  }

  /** Ends a task that got no place. */
  void reject() {
    state.set(TaskState.REJECTED);
    lane.reject(1);
  }

  /** Makes the picture of the task at its next attempt. */
  TaskContext context(
      Exchange exchange, int attempts, @Nullable Instant startedAt, TaskContext.Progress progress) {
    return new TaskContext(
        entry.directory() == null ? entry.trackingId() : null, // else it is tracked there
        position,
        policy().name(),
        lane.group(),
        exchange,
        queuedAt,
        attempts,
        startedAt,
        progress);
  }

  /** Returns the picture of the latest attempt, or one of a task that has not been tried. */
  TaskContext context(Exchange exchange) {
    Attempt latest = attempt;
    return latest == null
        ? context(exchange, 0, null, (task, done, total, message) -> {})
        : latest.context();
  }
}
