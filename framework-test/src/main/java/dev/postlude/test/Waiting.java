package dev.postlude.test;

import dev.postlude.background.BackgroundRunner;
import dev.postlude.test.Calls.Left;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a test waits for what its calls set off, and keeps it from starting.
 *
 * <p>Thread-safe.
 */
final class Waiting {
  private final Calls calls;
  private final @Nullable TestTimer timer;
  private final Set<TestScope> holders = ConcurrentHashMap.newKeySet();

  Waiting(Calls calls, @Nullable TestTimer timer) {
    this.calls = calls;
    this.timer = timer;
  }

  /**
   * Waits until these calls have ended; or wait for a clock that is moved by hand; or a test holds
   * what they wait for. Skips time where the clock does.
   *
   * @param holder the test whose holding ends the waiting; null for any
   * @throws AssertionError if that takes longer than the patience lasts
   */
  void settle(Predicate<Call> which, @Nullable TestScope holder, Duration patience) {
    long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    try {
      if (!await(which, holder, until)) {
        throw calls.overdue(
            which,
            "This had not ended after " + patience + ":",
            "To wait longer say waitAtMost(Duration), not to wait fireAndForget(), and to skip"
                + " delays and retries clock(TestTimer.skipping()).");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "The test was interrupted while it waited for background tasks.", interrupted);
    }
  }

  private boolean await(Predicate<Call> which, @Nullable TestScope holder, long until)
      throws InterruptedException {
    for (; ; ) {
      Left left = calls.left(which);
      if (left == Left.NOTHING || isHeldBy(holder)) {
        return true;
      }
      if (left == Left.WAITS && timer != null && timer.isByHand()) {
        return true;
      }
      boolean skipped =
          left == Left.WAITS && timer != null && timer.skip(() -> calls.left(which) == Left.WAITS);
      if (!skipped
          && !calls.awaitNews(() -> calls.left(which) == left && !isHeldBy(holder), until)) {
        return false;
      }
    }
  }

  /** Runs what is due by the timer; if that is moved by hand, waits for what comes of it. */
  void fire(Runnable due, Duration patience) {
    Set<Call> woken = calls.wokenBy(due);
    if (timer != null && timer.isByHand()) {
      settle(woken::contains, null, patience);
    }
  }

  boolean isHeldBy(@Nullable TestScope holder) {
    return holder == null ? !holders.isEmpty() : holders.contains(holder);
  }

  /** Lets no task start until every test that holds has released. */
  synchronized void hold(TestScope holder, BackgroundRunner runner) {
    if (holders.isEmpty()) {
      runner.pause();
    }
    holders.add(holder);
    calls.wake();
  }

  /** Lets go what this test holds; returns false if it holds nothing. */
  synchronized boolean release(TestScope holder, BackgroundRunner runner) {
    boolean held = holders.remove(holder);
    if (held && holders.isEmpty()) {
      runner.resume();
    }
    return held;
  }

  /** Lets go everything. */
  synchronized void releaseAll(BackgroundRunner runner) {
    holders.clear();
    runner.resume();
  }
}
