package dev.postlude.queue.engine;

import dev.postlude.queue.store.Picked;
import org.jspecify.annotations.Nullable;

/**
 * Knows which thread is inside a handler, so that it can be interrupted there and nowhere else: no
 * interrupt reaches what is written to the database afterwards, or the next task.
 */
final class Inside {
  private final Picked picked;
  private @Nullable Thread thread;
  private @Nullable Reason reason;

  Inside(Picked picked) {
    this.picked = picked;
  }

  /** Why it is interrupted. */
  enum Reason {
    TIMEOUT,
    CANCEL,
    SHUTDOWN
  }

  Picked picked() {
    return picked;
  }

  /** Lets the current thread in; false when the interruption came first. */
  boolean enter() {
    Thread.interrupted();
    synchronized (this) {
      if (reason == null) {
        thread = Thread.currentThread();
      }
      return reason == null;
    }
  }

  /** Lets the current thread out. */
  void leave() {
    synchronized (this) {
      thread = null;
    }
    Thread.interrupted();
  }

  /** Interrupts it; the first reason counts. */
  synchronized void interrupt(Reason why) {
    if (reason == null) {
      reason = why;
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  synchronized @Nullable Reason reason() {
    return reason;
  }
}
