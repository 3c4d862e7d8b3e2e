package dev.postlude.background;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A timer whose time a test moves on by hand. Actions run on the thread that moves it. */
final class ManualTimer implements TaskTimer {
  private record Alarm(Instant due, Runnable action) {}

  private final List<Alarm> alarms = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized Cancellable schedule(Runnable action, Duration delay) {
    Alarm alarm = new Alarm(now.plus(delay), action);
    alarms.add(alarm);
    notifyAll();
    return () -> {
      synchronized (this) {
        alarms.remove(alarm);
      }
    };
  }

  /** Moves the time on and runs what is due, the earliest first. */
  void advance(Duration by) {
    Instant until = now().plus(by);
    for (Alarm next = nextBefore(until); next != null; next = nextBefore(until)) {
      next.action().run();
    }
    synchronized (this) {
      now = until;
    }
  }

  private synchronized Alarm nextBefore(Instant until) {
    Alarm next = alarms.stream().min(Comparator.comparing(Alarm::due)).orElse(null);
    if (next == null || next.due().isAfter(until)) {
      return null;
    }
    alarms.remove(next);
    now = next.due();
    return next;
  }

  /** Waits until this many alarms are set. */
  synchronized void awaitAlarms(int count) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (alarms.size() != count) {
      if (System.nanoTime() > until) {
        throw new AssertionError("There are " + alarms.size() + " alarms, not " + count + ".");
      }
      TimeUnit.MILLISECONDS.timedWait(this, 100);
    }
  }

  synchronized int alarms() {
    return alarms.size();
  }
}
