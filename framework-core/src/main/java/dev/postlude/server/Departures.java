package dev.postlude.server;

import dev.postlude.concurrent.Workers;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/**
 * Requests that one event loop has handed to the workers in a pass, who are called once for all of
 * them at its end: a worker that was called for the first one would be done, and asleep again,
 * before the second one has been read.
 *
 * <p>One for each event loop, used on that loop only.
 */
final class Departures implements Runnable {
  private final EventLoop loop;
  private final Workers workers;
  private boolean due;

  Departures(EventLoop loop, Workers workers) {
    this.loop = loop;
    this.workers = workers;
  }

  /** Notes that something was enqueued. */
  void add() {
    if (!due) {
      try {
        loop.execute(this);
        due = true;
      } catch (RejectedExecutionException e) { // the last pass of all
        run();
      }
    }
  }

  @Override
  public void run() {
    due = false;
    workers.begin();
  }
}
