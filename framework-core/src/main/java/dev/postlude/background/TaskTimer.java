package dev.postlude.background;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock and alarm of background tasks: delays, retries and timeouts go by it.
 *
 * <p>A test supplies its own and owns the time. All methods may be called from any thread, event
 * loops included, and must not block.
 */
public interface TaskTimer {

  /** Tells the time. */
  Instant now();

  /**
   * Runs the action once, after the delay (zero or more), on any thread. The actions given to a
   * timer are short and do not block.
   */
  Cancellable schedule(Runnable action, Duration delay);

  /**
   * Runs the action once, as {@link #schedule} does, if it has not been called off by then: for
   * timeouts, which nothing waits for. A test's timer that skips what is waited for lets alarms be.
   */
  default Cancellable alarm(Runnable action, Duration limit) {
    return schedule(action, limit);
  }

  /** Something scheduled that may be called off. */
  @FunctionalInterface
  interface Cancellable {

    /** Calls it off, if it has not begun. Does not wait, may be called more than once. */
    void cancel();
  }
}
