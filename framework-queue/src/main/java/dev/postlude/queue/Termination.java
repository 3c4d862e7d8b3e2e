package dev.postlude.queue;

import dev.postlude.concurrent.Signals;
import java.util.concurrent.CountDownLatch;

/** The end of the process, for one that waits for nothing else. */
final class Termination {
  private final Runnable stop;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Termination(Runnable stop) {
    this.stop = stop;
  }

  /**
   * Waits until the process is told to end (SIGTERM, SIGINT), and has been stopped by this; it ends
   * with 0 then. Blocks.
   *
   * @throws InterruptedException when the calling thread is interrupted; it is stopped then too
   */
  static void await(Runnable stop) throws InterruptedException {
    Termination end = new Termination(stop);
    Runnable told = end::told;
    // For an end that no signal told of, such as System.exit.
    Thread hook = new Thread(null, told, "postlude-queue-stop", 0, false);
    Runtime.getRuntime().addShutdownHook(hook);
    Signals.register(told);
    try {
      end.stopped.await();
    } catch (InterruptedException e) {
      Signals.forget(told);
      Runtime.getRuntime().removeShutdownHook(hook);
      end.told();
      throw e;
    }
  }

  /** Stops once; who comes later waits until that is done. */
  private synchronized void told() {
    if (stopped.getCount() > 0) {
      try {
        stop.run();
      } finally {
        stopped.countDown();
      }
    }
  }
}
