package dev.postlude.background;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows which thread is inside one piece of a user's code, so that it can be interrupted there and
 * nowhere else.
 *
 * <p>The interrupt is sent under the monitor under which the thread leaves: none can arrive later,
 * and {@link #leave} swallows what did arrive. So the next task on that thread begins with a clean
 * one.
 */
final class Interruptible {
  private @Nullable Thread inside;
  private boolean interrupted;

  /**
   * Lets the current thread in; false if the interruption came first, and the code must not be run.
   */
  boolean enter() {
    Thread.interrupted();
    synchronized (this) {
      if (!interrupted) {
        inside = Thread.currentThread();
      }
      return !interrupted;
    }
  }

  /** Called by the thread that was let in. */
  void leave() {
    synchronized (this) {
      inside = null;
      if (interrupted) {
        notifyAll();
      }
    }
    Thread.interrupted();
  }

  /** Interrupts whoever is inside, and keeps out whoever comes. */
  synchronized void interrupt() {
    interrupted = true;
    if (inside != null) {
      inside.interrupt();
    }
  }

  /** Returns the thread that is inside, if any is. */
  synchronized @Nullable Thread inside() {
    return inside;
  }

  /**
   * Waits until nobody is inside, but not beyond that {@link System#nanoTime}; tells whether nobody
   * is.
   */
  synchronized boolean awaitLeft(long until) throws InterruptedException {
    while (inside != null) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
