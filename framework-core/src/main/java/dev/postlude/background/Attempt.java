package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a single task: a thread inside the task's code, then perhaps a stage, and perhaps
 * a deadline.
 *
 * <p>Up to three parties take part: the worker that makes the attempt, whoever completes the stage,
 * and, when the deadline has passed, the worker that tells the listeners so. None waits for
 * another. Whoever is last decides the attempt, which happens once, and is told to go on from
 * there:
 *
 * <pre>{@code
 * worker      in the task's code ---> leaves ----.
 * stage                    pending -> completes --+--> the last of them: over
 * deadline    nothing, or passes ---> is told ---'
 * }</pre>
 */
final class Attempt {
  private final Work work;
  private final TaskContext context;
  private final ContextCarrier.Snapshot carried;
  private final Interruptible code = new Interruptible();

  // Handed from party to party along with the attempt.
  private TaskTimer.@Nullable Cancellable alarm;

  // All below is guarded by this.
  private boolean workerIn = true;
  private boolean stagePending;
  private @Nullable CompletionStage<?> stage;
  private @Nullable TimeoutException cut;
  private boolean cutTold;
  private @Nullable Throwable thrown;
  private boolean over;
  private boolean warned;

  Attempt(Work work, TaskContext context, ContextCarrier.Snapshot carried) {
    this.work = work;
    this.context = context;
    this.carried = carried;
  }

  TaskContext context() {
    return context;
  }

  /** Keeps what rings at the deadline, to be called off when the attempt is over. */
  void alarm(TaskTimer.Cancellable alarm) {
    this.alarm = alarm;
  }

  /**
   * Makes the attempt on the current thread.
   *
   * @param onward called when the attempt is over after all, on the thread that completes the stage
   * @return whether it is over; if not, the caller has nothing more to do with it
   */
  boolean run(Runnable onward) {
    CompletionStage<?> started = null;
    Throwable error = null;
    try {
      started = enter();
    } catch (Throwable failed) {
      error = failed;
    }
    boolean pending;
    synchronized (this) {
      thrown = error;
      stage = started;
      stagePending = started != null && cut == null;
      pending = stagePending;
    }
    if (started != null && pending) {
      follow(started, onward);
    } else if (started != null) {
      cancel(started); // it came after the deadline
    }
    synchronized (this) {
      workerIn = false;
      return decide();
    }
  }

  private @Nullable CompletionStage<?> enter() throws Exception {
    ContextCarrier.Scope scope = carried.restore();
    try {
      if (!code.enter()) {
        return null;
      }
      try {
        return work.start(context);
      } finally {
        code.leave();
      }
    } finally {
      scope.close();
    }
  }

  private void follow(CompletionStage<?> started, Runnable onward) {
    try {
      started.whenComplete((value, error) -> completed(error, onward));
    } catch (Throwable error) {
      completed(error, onward);
    }
  }

  private void completed(@Nullable Throwable error, Runnable onward) {
    boolean last;
    synchronized (this) {
      if (!stagePending) {
        return;
      }
      stagePending = false;
      thrown = error == null ? null : cause(error);
      last = decide();
    }
    if (last) {
      onward.run();
    }
  }

  /**
   * Cuts the attempt off at its deadline: interrupts it, and makes it a failed one whatever it does
   * from now on.
   *
   * @return false if it was over already; if true, the caller sees to {@link #cancelStage} and
   *     {@link #told}
   */
  boolean cut(TimeoutException timeout) {
    synchronized (this) {
      if (over || cut != null) {
        return false;
      }
      cut = timeout;
      stagePending = false;
    }
    code.interrupt();
    return true;
  }

  /**
   * Notes that the listeners know of the deadline. Returns whether the attempt is over, and the
   * caller goes on.
   */
  synchronized boolean told() {
    cutTold = true;
    return decide();
  }

  /**
   * Cancels the stage, if there is one; runs whatever depends on it, so not for a timer's thread.
   */
  void cancelStage() {
    CompletionStage<?> started;
    synchronized (this) {
      started = stage;
    }
    if (started != null) {
      cancel(started);
    }
  }

  /**
   * Stops it because the runner closes: interrupts it, for the second time if it was cut off
   * before. It will not be decided any more; the caller sees to {@link #cancelStage}.
   */
  void abandon() {
    if (!cut(new TimeoutException("The runner was shut down."))) {
      code.interrupt();
    }
  }

  /** Returns the part in which a thread can be interrupted. */
  Interruptible code() {
    return code;
  }

  /** Returns true the first time. */
  synchronized boolean warnOnce() {
    boolean first = !warned;
    warned = true;
    return first;
  }

  /** Says what went wrong, once the attempt is over; null if nothing did. Calls off the alarm. */
  @Nullable Throwable failure() {
    if (alarm != null) {
      alarm.cancel();
    }
    synchronized (this) {
      if (cut != null && thrown != null) {
        cut.addSuppressed(thrown); // shows where the interruption hit
      }
      return cut != null ? cut : thrown;
    }
  }

  private boolean decide() {
    if (over || workerIn || stagePending || (cut != null && !cutTold)) {
      return false;
    }
    over = true;
    return true;
  }

  private static void cancel(CompletionStage<?> started) {
    try {
      if (started instanceof Future<?> future) {
        future.cancel(true);
      } else {
        started.toCompletableFuture().cancel(true);
      }
    } catch (Throwable uncancellable) {
      // Cancelling is a courtesy to the stage: the attempt does not depend on it.
    }
  }

  private static Throwable cause(Throwable error) {
    Throwable inner = error;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
