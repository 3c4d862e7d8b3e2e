package dev.postlude.background;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The timer of real time: one daemon thread, which lives while anything is scheduled and ten
 * seconds more, so that nobody need close it.
 */
final class SystemTimer implements TaskTimer {
  private final ScheduledThreadPoolExecutor alarms =
      new ScheduledThreadPoolExecutor(
          1,
          action -> {
            Thread thread = new Thread(null, action, "postlude-background-timer", 0, false);
            thread.setDaemon(true);
            return thread;
          });

  SystemTimer() {
    alarms.setKeepAliveTime(10, TimeUnit.SECONDS);
    alarms.allowCoreThreadTimeOut(true);
    alarms.setRemoveOnCancelPolicy(
        true); // a timeout that was not needed must not keep its task in memory
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Cancellable schedule(Runnable action, Duration delay) {
    // convert() saturates, unlike toNanos()
    Future<?> alarm =
        alarms.schedule(action, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }
}
