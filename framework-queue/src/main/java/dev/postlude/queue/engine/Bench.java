package dev.postlude.queue.engine;

import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.store.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What every attempt needs: the writer, a timer, and a way to wake the scheduler. */
record Bench(
    Writer writer,
    Attempts attempts,
    String node,
    ScheduledExecutorService timer,
    Counters counters,
    HandOffs handOffs,
    Runnable wake) {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int TRIES = 5;
  private static final long SOON = TimeUnit.SECONDS.toMillis(30);

  /** A note that nothing depends on. */
  @FunctionalInterface
  interface Note {
    void write(Session session) throws SQLException;
  }

  /**
   * Writes something down and waits until it is there. What an attempt has done is worth some
   * patience: it tries five times within some ten seconds.
   */
  <R> R settled(Writer.Change<R> change) {
    return written(true, change);
  }

  /** The same for what need not survive a power cut. */
  <R> R begun(Writer.Change<R> change) {
    return written(false, change);
  }

  private <R> R written(boolean flushed, Writer.Change<R> change) {
    long pause = 100;
    for (int i = 1; ; i++) {
      try {
        return writer.submit(flushed, change).join();
      } catch (CompletionException e) {
        if (i == TRIES) {
          throw e;
        }
        LOG.log(Level.WARNING, "the queue's database refused, once more in " + pause + " ms", e);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      pause *= 4;
    }
  }

  /** Writes something down that need not survive a power cut, and does not wait. */
  void noted(Note note) {
    writer.submit(
        false,
        session -> {
          note.write(session);
          return true;
        });
  }

  /**
   * Has the scheduler look at this time; what is due later than soon is found by its own looking.
   */
  void wakeAt(long millis) {
    long wait = millis - System.currentTimeMillis();
    if (wait <= 0) {
      wake.run();
    } else if (wait < SOON) {
      timer.schedule(wake, wait + 2, TimeUnit.MILLISECONDS);
    }
  }
}
