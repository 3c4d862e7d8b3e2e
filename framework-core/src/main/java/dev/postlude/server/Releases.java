package dev.postlude.server;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What comes after the responses that one event loop has written, handed to a worker together: each
 * on its own would wake a worker, which is done and asleep again before the next one comes.
 *
 * <p>The first ones go at the end of the pass in which they were written. Others that follow
 * closely wait until {@link #PAUSE} has gone by since then, for as long as they keep coming: a
 * server that is busy wakes workers at a steady rate, and one that is not does so at once.
 *
 * <p>One for each event loop, used on that loop only.
 */
final class Releases {
  /** The least time between two of one event loop. */
  static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop loop;
  private final Consumer<List<Runnable>> workers;
  private List<Runnable> due = new ArrayList<>();
  private boolean onTheWay; // somebody who will let go what is due
  private long last = System.nanoTime() - PAUSE;

  /**
   * Those of one loop.
   *
   * @param workers has one of them run a list
   */
  Releases(EventLoop loop, Consumer<List<Runnable>> workers) {
    this.loop = loop;
    this.workers = workers;
  }

  /** Has a worker do this soon. */
  void add(Runnable release) {
    due.add(release);
    if (!onTheWay) {
      try {
        loop.execute(this::passEnds);
        onTheWay = true;
      } catch (RejectedExecutionException e) { // the last pass of all
        release();
      }
    }
  }

  private void passEnds() {
    long wait = last + PAUSE - System.nanoTime();
    if (wait <= 0) {
      release();
    } else {
      // A listener is called as well when the loop is shut down and forgets its timers.
      loop.schedule(() -> {}, wait, TimeUnit.NANOSECONDS).addListener(over -> release());
    }
  }

  private void release() {
    onTheWay = false;
    last = System.nanoTime();
    List<Runnable> all = due;
    due = new ArrayList<>();
    workers.accept(all);
  }
}
