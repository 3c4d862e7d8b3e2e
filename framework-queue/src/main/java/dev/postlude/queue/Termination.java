package dev.postlude.queue;

import java.util.concurrent.CountDownLatch;

/** The end of the process, for one that waits for nothing else. */
final class Termination {
  private Termination() {}

  /**
   * Waits until the process is told to end (SIGTERM, SIGINT), and then has this stopped before it
   * does. Blocks.
   *
   * @throws InterruptedException when the calling thread is interrupted; it is stopped then too
   */
  static void await(Runnable stop) throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    Thread hook =
        new Thread(
            null,
            () -> {
              told.countDown();
              stop.run();
            },
            "postlude-queue-stop",
            0,
            false);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      told.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      stop.run();
      throw e;
    }
  }
}
