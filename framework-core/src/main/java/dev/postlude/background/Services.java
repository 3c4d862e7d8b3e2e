package dev.postlude.background;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The services beside an app: started in order, stopped in reverse. */
final class Services {
  private final List<BackgroundService> all;
  private final Reporter reporter;
  private final Deque<BackgroundService> started = new ArrayDeque<>(0); // guarded by this

  Services(List<BackgroundService> all, Reporter reporter) {
    this.all = all;
    this.reporter = reporter;
  }

  /** Starts them all; if one cannot, those before it are left to {@link #stop}. */
  synchronized void start() {
    for (BackgroundService service : all) {
      try {
        started.push(service);
        service.start();
      } catch (Exception | LinkageError e) { // the latter where a library is missing
        started.pop();
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        throw new IllegalStateException(
            "The app was not started, since " + service + " could not start: " + e.getMessage(), e);
      }
    }
  }

  /** Stops those that were started, all of them until that {@link System#nanoTime}. */
  synchronized void stop(long until) {
    while (!started.isEmpty()) {
      BackgroundService service = started.pop();
      try {
        service.stop(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
      } catch (Throwable badly) {
        if (badly instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        reporter.trouble(service + " did not stop well.", badly);
      }
    }
  }
}
