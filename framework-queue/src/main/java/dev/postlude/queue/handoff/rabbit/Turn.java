package dev.postlude.queue.handoff.rabbit;

import org.jspecify.annotations.Nullable;

/**
 * The time that a handler has the thread, which is interrupted within it and never outside. Safe
 * for any thread.
 */
final class Turn {
  /** Why it was interrupted. */
  enum Reason {
    TIMEOUT,
    CANCEL,
    SHUTDOWN
  }

  private @Nullable Thread inside; // guarded by this
  private @Nullable Reason reason; // guarded by this
  private boolean over; // guarded by this

  /** Begins it on this thread; false when it was interrupted before. */
  synchronized boolean enter() {
    if (reason != null) {
      return false;
    }
    inside = Thread.currentThread();
    return true;
  }

  /** Ends it. */
  synchronized void leave() {
    inside = null;
    over = true;
    if (Thread.interrupted()) {
      // Meant for the handler, which is gone.
    }
  }

  /** Tells whether the handler has ended. */
  synchronized boolean isOver() {
    return over;
  }

  synchronized void interrupt(Reason why) {
    if (reason == null) {
      reason = why;
      if (inside != null) {
        inside.interrupt();
      }
    }
  }

  synchronized @Nullable Reason reason() {
    return reason;
  }
}
