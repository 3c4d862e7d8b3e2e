package dev.postlude.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * What comes after the responses that one event loop has written in a pass: released together at
 * the end of the pass, when all of them have been written. Each release on its own would wake a
 * worker, which is done and asleep again before the next one comes.
 *
 * <p>One for each event loop, used on that loop only.
 */
final class Releases implements Runnable {
  private static final FastThreadLocal<Releases> OF_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected Releases initialValue() {
          return new Releases();
        }
      };

  private final Queue<Runnable> due = new ArrayDeque<>();

  private Releases() {}

  /** Has a release run at the end of the pass. Called on the event loop. */
  static void add(EventLoop loop, Runnable release) {
    Releases releases = OF_LOOP.get();
    releases.due.add(release);
    if (releases.due.size() == 1) {
      try {
        loop.execute(releases);
      } catch (RejectedExecutionException e) { // the last pass of all
        releases.run();
      }
    }
  }

  @Override
  public void run() {
    for (Runnable release; (release = due.poll()) != null; ) {
      release.run();
    }
  }
}
