package dev.postlude.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether, how often and after which wait a failed task is tried again.
 *
 * <pre>{@code
 * Retry.times(3).backoff(Duration.ofSeconds(1)).jitter(0.5).on(IOException.class)
 * }</pre>
 *
 * <p>An immutable value. Unless {@link #on} or {@link #onlyIf} say otherwise every {@link
 * Exception} is tried again, timeouts included, and no {@link Error}. The wait is zero unless
 * {@link #backoff} says otherwise. A task that waits keeps its place in its group, but holds
 * neither a slot nor a thread.
 */
public final class Retry {
  private static final Duration ONE_HOUR = Duration.ofHours(1);
  private static final Retry NEVER =
      new Retry(0, Duration.ZERO, ONE_HOUR, 0, List.of(Exception.class), null);

  private final int times;
  private final Duration first;
  private final Duration max;
  private final double jitter;
  private final List<Class<? extends Throwable>> types;
  private final @Nullable Predicate<Throwable> condition;

  private Retry(
      int times,
      Duration first,
      Duration max,
      double jitter,
      List<Class<? extends Throwable>> types,
      @Nullable Predicate<Throwable> condition) {
    this.times = times;
    this.first = first;
    this.max = max;
    this.jitter = jitter;
    this.types = types;
    this.condition = condition;
  }

  /** Returns the policy of a task that is tried once: the default. */
  public static Retry never() {
    return NEVER;
  }

  /**
   * Returns a policy of up to this many further attempts after the first.
   *
   * @throws IllegalArgumentException if fewer than 1
   */
  public static Retry times(int retries) {
    if (retries < 1) {
      throw new IllegalArgumentException(
          "Retry.times() takes 1 or more; for none say Retry.never(): " + retries);
    }
    return new Retry(retries, NEVER.first, NEVER.max, NEVER.jitter, NEVER.types, null);
  }

  /**
   * Returns a copy that waits this long before the second attempt, and twice as long before each
   * further one.
   *
   * @throws IllegalArgumentException if negative
   */
  public Retry backoff(Duration first) {
    Objects.requireNonNull(first, "backoff() needs a duration.");
    if (first.isNegative()) {
      throw new IllegalArgumentException("A backoff must be zero or more: " + first);
    }
    return new Retry(times, first, max, jitter, types, condition);
  }

  /**
   * Returns a copy that never waits longer than this; one hour when not said.
   *
   * @throws IllegalArgumentException if zero or negative
   */
  public Retry maxBackoff(Duration max) {
    Objects.requireNonNull(max, "maxBackoff() needs a duration.");
    if (max.isNegative() || max.isZero()) {
      throw new IllegalArgumentException("maxBackoff must be more than zero: " + max);
    }
    return new Retry(times, first, max, jitter, types, condition);
  }

  /**
   * Returns a copy that shortens each wait by up to this share of it, at random, so that tasks
   * which failed together do not return together.
   *
   * @param share 0 (none) to 1 (anything between no wait and the whole)
   * @throws IllegalArgumentException if outside 0 to 1
   */
  public Retry jitter(double share) {
    if (!(share >= 0 && share <= 1)) { // written so that NaN is refused too
      throw new IllegalArgumentException("jitter must be between 0 and 1: " + share);
    }
    return new Retry(times, first, max, share, types, condition);
  }

  /**
   * Returns a copy that tries again only after these exceptions and errors and their subclasses.
   *
   * @throws IllegalArgumentException if none is named
   */
  @SafeVarargs
  public final Retry on(Class<? extends Throwable>... types) {
    Objects.requireNonNull(types, "on() needs at least one class of exceptions.");
    if (types.length == 0) {
      throw new IllegalArgumentException(
          "on() needs at least one class of exceptions; for no retry at all say Retry.never().");
    }
    List<Class<? extends Throwable>> named = new ArrayList<>();
    for (Class<? extends Throwable> type : types) {
      named.add(Objects.requireNonNull(type, "on() takes no null among its classes."));
    }
    return new Retry(times, first, max, jitter, List.copyOf(named), condition);
  }

  /**
   * Returns a copy that tries again only if this holds as well. Asked on a worker; must not block.
   */
  public Retry onlyIf(Predicate<Throwable> condition) {
    Objects.requireNonNull(condition, "onlyIf() needs a condition.");
    return new Retry(times, first, max, jitter, types, condition);
  }

  /**
   * Decides about the attempt that failed: for those who run tasks elsewhere, such as a queue.
   *
   * @param attempt the number of the attempt that failed, from 1
   * @param random a number from 0 to less than 1
   * @return how long to wait, or null when that was the last attempt
   */
  public @Nullable Duration waitAfter(int attempt, Throwable error, double random) {
    if (attempt > times || types.stream().noneMatch(type -> type.isInstance(error))) {
      return null;
    }
    if (condition != null && !condition.test(error)) {
      return null;
    }
    Duration wait = first;
    for (int i = 1; i < attempt && !wait.isZero() && wait.compareTo(max) < 0; i++) {
      wait = wait.compareTo(max.dividedBy(2)) > 0 ? max : wait.multipliedBy(2);
    }
    return shortened(wait.compareTo(max) > 0 ? max : wait, jitter * random);
  }

  private static Duration shortened(Duration wait, double share) {
    long nanos = TimeUnit.NANOSECONDS.convert(wait); // saturates, unlike toNanos()
    return wait.minusNanos((long) (nanos * share));
  }
}
