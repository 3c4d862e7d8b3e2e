package dev.postlude.background;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What was taken on and has not ended: the one place where anybody waits for it.
 *
 * <p>To take on and to remove takes no lock that all share: event loops and workers do both for
 * every task. Only who waits takes one, and who ends a wait.
 *
 * @param <T> what is taken on
 */
final class Outstanding<T> {
  private final Comparator<? super T> age;
  private final Set<T> items;
  private volatile boolean closed;
  private volatile int waiting; // changed under the monitor only

  /**
   * Nothing yet.
   *
   * @param age puts older ones before younger ones
   */
  Outstanding(Comparator<? super T> age) {
    this(age, ConcurrentHashMap.newKeySet());
  }

  /**
   * Nothing yet.
   *
   * @param items where they are kept: a set for many threads, which is empty
   */
  Outstanding(Comparator<? super T> age, Set<T> items) {
    this.age = age;
    this.items = items;
  }

  /** Takes it on; false when closed. */
  boolean add(T item) {
    items.add(item);
    return !closed || !take(item); // closed just now: taken back here, or among what is left
  }

  void remove(T item) {
    take(item);
  }

  private boolean take(T item) {
    boolean taken = items.remove(item);
    // Whoever waits has said so before it looked.
    if (taken && waiting > 0 && items.isEmpty()) {
      wake();
    }
    return taken;
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns what there is, the oldest first. */
  List<T> list() {
    List<T> list = new ArrayList<>(items);
    list.sort(age);
    return list;
  }

  /**
   * Waits until there is nothing, and tells whether it came to that.
   *
   * @param until the {@link System#nanoTime} to give up at; asked again after each {@link #wake}
   */
  synchronized boolean awaitNone(LongSupplier until) throws InterruptedException {
    waiting++;
    try {
      while (!isEmpty()) {
        long left = until.getAsLong() - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } finally {
      waiting--;
    }
  }

  /**
   * Whether there is nothing. The set adds its count up from several cells: while others come and
   * go it may find a removal and miss the addition before it, and so come to none although one has
   * been there all along. Who walks through it meets that one.
   */
  private boolean isEmpty() {
    return items.isEmpty() && !items.iterator().hasNext();
  }

  /** Has those who wait look at the time again. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Waits like {@link #awaitNone}; then takes on nothing more, and hands over what is left. An
   * interruption counts as the time to give up, and stays with the thread.
   */
  List<T> drain(LongSupplier until) {
    try {
      if (awaitNone(until)) {
        closed = true;
        if (awaitNone(until)) { // for what came in between
          return List.of();
        }
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    List<T> left = list();
    left.removeIf(item -> !items.remove(item)); // it has ended, or was not taken on after all
    wake();
    return left;
  }
}
