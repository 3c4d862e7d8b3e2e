package dev.postlude.background;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What was taken on and has not ended: the one place where anybody waits for it.
 *
 * @param <T> what is taken on
 */
final class Outstanding<T> {
  private final Set<T> items = new LinkedHashSet<>();
  private boolean closed;

  /** Takes it on; false when closed. */
  synchronized boolean add(T item) {
    return !closed && items.add(item);
  }

  synchronized void remove(T item) {
    if (items.remove(item) && items.isEmpty()) {
      notifyAll();
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Returns what there is, the oldest first. */
  synchronized List<T> list() {
    return List.copyOf(items);
  }

  /**
   * Waits until there is nothing, and tells whether it came to that.
   *
   * @param until the {@link System#nanoTime} to give up at; asked again after each {@link #wake}
   */
  synchronized boolean awaitNone(LongSupplier until) throws InterruptedException {
    while (!items.isEmpty()) {
      long left = until.getAsLong() - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Has those who wait look at the time again. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Waits like {@link #awaitNone}; then takes on nothing more, and hands over what is left. An
   * interruption counts as the time to give up, and stays with the thread.
   */
  synchronized List<T> drain(LongSupplier until) {
    try {
      awaitNone(until);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    List<T> left = List.copyOf(items);
    items.clear();
    notifyAll();
    return left;
  }
}
