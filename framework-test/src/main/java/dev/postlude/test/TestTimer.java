package dev.postlude.test;

import dev.postlude.background.TaskTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A clock for background tasks under test, to be handed to {@link TestClient#clock}: nobody waits
 * for a delay or a retry.
 *
 * <ul>
 *   <li>{@link #skipping()}: while a call waits for its tasks, and all that are left of them wait
 *       for a delay or a retry, time jumps to the next that is due. Timeouts go by real time: what
 *       runs, runs for real.
 *   <li>{@link #byHand()}: delays, retries and timeouts are due when the test says so. A call
 *       returns when its tasks have ended or wait for this clock.
 * </ul>
 *
 * <p>What is skipped is added to the real time that {@link #now()} tells. One timer serves one
 * running app. All methods may be called from any thread; only {@link #advance} blocks.
 */
public final class TestTimer implements TaskTimer {
  private static final ScheduledThreadPoolExecutor REAL = realTime();

  private final boolean byHand;
  private final Object firing = new Object(); // held while an action runs: one at a time, in order

  // All below is guarded by this; no action runs under it.
  private final List<Wait> waits = new ArrayList<>();
  private @Nullable Consumer<Runnable> client;
  private long skipped; // nanoseconds
  private long scheduled;

  /**
   * Something that waits for its time.
   *
   * @param due the skipped nanoseconds at which it has come
   * @param number orders what is due at the same time
   */
  private record Wait(long due, long number, Runnable action) {}

  private TestTimer(boolean byHand) {
    this.byHand = byHand;
  }

  /** Makes a clock that skips delays and the waits between attempts. */
  public static TestTimer skipping() {
    return new TestTimer(false);
  }

  /** Makes a clock that the test moves on with {@link #advance}. */
  public static TestTimer byHand() {
    return new TestTimer(true);
  }

  @Override
  public synchronized Instant now() {
    return Instant.now().plusNanos(skipped);
  }

  /**
   * Keeps the action for later.
   *
   * @throws IllegalStateException if nobody will ever skip the delay, as no client has this timer
   */
  @Override
  public synchronized Cancellable schedule(Runnable action, Duration delay) {
    if (!byHand && client == null) {
      throw new IllegalStateException(
          "A skipping TestTimer works for a TestClient only: say"
              + " TestClient.of(app).clock(timer), and leave BackgroundOptions.timer alone.");
    }
    Wait wait = new Wait(later(TimeUnit.NANOSECONDS.convert(delay)), scheduled++, action);
    waits.add(wait);
    return () -> cancel(wait);
  }

  private synchronized void cancel(Wait wait) {
    waits.remove(wait);
  }

  @Override
  public Cancellable alarm(Runnable action, Duration limit) {
    if (byHand) {
      return schedule(action, limit);
    }
    var alarm = REAL.schedule(action, TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  /**
   * Moves time on, stopping wherever something is due, and returns when the requests that were
   * woken have nothing left to do or wait for this clock again. A timeout that is due interrupts
   * its task and is not waited for: {@link TestClient#awaitBackground()} does that.
   *
   * @param time zero or more
   * @throws IllegalStateException if this clock skips by itself
   * @throws AssertionError if what was woken is still running after the client's patience
   */
  public void advance(Duration time) {
    Objects.requireNonNull(time, "advance() needs a duration.");
    if (time.isNegative()) {
      throw new IllegalArgumentException("Time goes forward only, not by " + time + ".");
    }
    if (!byHand) {
      throw new IllegalStateException(
          "This clock skips by itself; TestTimer.byHand() is the one to be advanced.");
    }
    synchronized (firing) {
      long until = later(TimeUnit.NANOSECONDS.convert(time));
      while (fireNext(wait -> wait.due() <= until)) {
        // each may have scheduled others
      }
      synchronized (this) {
        skipped = Math.max(skipped, until);
      }
    }
  }

  private synchronized long later(long nanos) {
    long sum = skipped + nanos;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Jumps to what is due next, if that is still wanted when it is this caller's turn. */
  boolean skip(BooleanSupplier stillWanted) {
    synchronized (firing) {
      return stillWanted.getAsBoolean() && fireNext(wait -> true);
    }
  }

  private boolean fireNext(Predicate<Wait> which) {
    Wait next;
    Consumer<Runnable> how;
    synchronized (this) {
      next =
          waits.stream()
              .min(Comparator.comparingLong(Wait::due).thenComparingLong(Wait::number))
              .filter(which)
              .orElse(null);
      if (next == null) {
        return false;
      }
      waits.remove(next);
      skipped = Math.max(skipped, next.due());
      how = client == null ? Runnable::run : client;
    }
    how.accept(next.action());
    return true;
  }

  boolean isByHand() {
    return byHand;
  }

  /**
   * Gives it to a client.
   *
   * @param client runs what is due, and knows what comes of it
   */
  synchronized void attach(Consumer<Runnable> client) {
    if (this.client != null) {
      throw new IllegalStateException(
          "This TestTimer belongs to a client whose app is running. Make one for each client.");
    }
    this.client = client;
  }

  /** Takes it back from its client, and forgets what waits. */
  synchronized void detach() {
    client = null;
    waits.clear();
  }

  private static ScheduledThreadPoolExecutor realTime() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            action -> {
              Thread thread = new Thread(null, action, "postlude-test-timer", 0, false);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }
}
