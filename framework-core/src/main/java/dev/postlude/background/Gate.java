package dev.postlude.background;

import java.util.ArrayList;
import java.util.List;

/** What a paused runner holds back: whatever wants to start, in the order in which it came. */
final class Gate {
  private final List<Runnable> held = new ArrayList<>();
  private volatile boolean closed;

  /** Keeps what wants to start, if the gate is closed; it is run when the gate opens. */
  boolean holds(Runnable start) {
    if (!closed) {
      return false;
    }
    synchronized (this) {
      return closed && held.add(start);
    }
  }

  boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
  }

  void open() {
    List<Runnable> starting;
    synchronized (this) {
      closed = false;
      starting = List.copyOf(held);
      held.clear();
    }
    starting.forEach(Runnable::run);
  }
}
