package dev.postlude.benchmarks.http;

import java.util.concurrent.atomic.LongAdder;

/** Counts tasks, so that none is lost unseen: those that handlers asked for, and those that ran. */
public final class TaskCount {
  private final LongAdder asked = new LongAdder();
  private final LongAdder done = new LongAdder();

  /** Called by the handler. */
  public void ask() {
    asked.increment();
  }

  /** The task itself. */
  public void run() {
    done.increment();
  }

  long asked() {
    return asked.sum();
  }

  long done() {
    return done.sum();
  }
}
