package dev.postlude.queue.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What is done again and again, and still is after an error: a timer by itself would end it. */
record Lasting(Runnable task) implements Runnable {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  @Override
  public void run() {
    try {
      task.run();
    } catch (Throwable e) {
      try {
        LOG.log(Level.ERROR, "what the queue does now and then failed; once more next time", e);
      } catch (Throwable again) {
        // As when there is no memory even for this.
      }
    }
  }
}
