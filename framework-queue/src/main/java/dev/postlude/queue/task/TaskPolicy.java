package dev.postlude.queue.task;

import dev.postlude.background.Retry;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the tasks of a type are tried.
 *
 * <p>An immutable value. Unless said otherwise: ten attempts within some ten minutes, no timeout,
 * dead after the third crash, and as many at a time as the queue has threads.
 */
public final class TaskPolicy {
  private static final TaskPolicy DEFAULTS =
      new TaskPolicy(
          Retry.times(9)
              .backoff(Duration.ofSeconds(1))
              .maxBackoff(Duration.ofMinutes(10))
              .jitter(0.5),
          null,
          3,
          Integer.MAX_VALUE);

  private final Retry retry;
  private final @Nullable Duration timeout;
  private final int maxCrashes;
  private final int maxConcurrent;

  private TaskPolicy(Retry retry, @Nullable Duration timeout, int maxCrashes, int maxConcurrent) {
    this.retry = retry;
    this.timeout = timeout;
    this.maxCrashes = maxCrashes;
    this.maxConcurrent = maxConcurrent;
  }

  /** Returns the policy that is used where none is named. */
  public static TaskPolicy defaults() {
    return DEFAULTS;
  }

  /** Returns a copy that tries again as told; a jitter of 0.5 keeps at least half of each wait. */
  public TaskPolicy retry(Retry retry) {
    Objects.requireNonNull(retry, "retry() needs a policy; for none say Retry.never().");
    return new TaskPolicy(retry, timeout, maxCrashes, maxConcurrent);
  }

  /**
   * Returns a copy of which no attempt may take longer: its thread is interrupted then, and the
   * attempt has failed. A handler that ignores the interruption keeps its thread until it ends.
   *
   * @throws IllegalArgumentException if zero or negative
   */
  public TaskPolicy timeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout() needs a duration; for none leave it out.");
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("A timeout must be more than zero: " + timeout);
    }
    return new TaskPolicy(retry, timeout, maxCrashes, maxConcurrent);
  }

  /**
   * Returns a copy that is dead once the process has ended this often while it ran. Counted apart
   * from failures. From its second crash on a task runs alone in its process, so that it does not
   * take others with it.
   *
   * @throws IllegalArgumentException if fewer than 1
   */
  public TaskPolicy maxCrashes(int crashes) {
    if (crashes < 1) {
      throw new IllegalArgumentException("maxCrashes must be 1 or more: " + crashes);
    }
    return new TaskPolicy(retry, timeout, crashes, maxConcurrent);
  }

  /**
   * Returns a copy of which at most this many run at a time, in each process.
   *
   * @throws IllegalArgumentException if fewer than 1
   */
  public TaskPolicy maxConcurrent(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException(
          "maxConcurrent must be 1 or more, or no such task could ever run: " + tasks);
    }
    return new TaskPolicy(retry, timeout, maxCrashes, tasks);
  }

  /** How it is tried again. */
  public Retry retry() {
    return retry;
  }

  /** How long an attempt may take; null for as long as it likes. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  /** How many crashes are its end. */
  public int maxCrashes() {
    return maxCrashes;
  }

  /** How many may run at a time in each process. */
  public int maxConcurrent() {
    return maxConcurrent;
  }
}
