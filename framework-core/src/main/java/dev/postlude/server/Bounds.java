package dev.postlude.server;

import java.time.Duration;

/** What options may be, and the sentences that refuse what they may not. */
final class Bounds {
  private static final Duration LONGEST = Duration.ofDays(366);

  private Bounds() {}

  static int positive(String name, int value) {
    return (int) positive(name, (long) value);
  }

  static long positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is 1 or more, not " + value);
    }
    return value;
  }

  static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is zero or more, not " + value);
    }
    return value;
  }

  static Duration positive(String name, Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException(name + " is longer than nothing, not " + time);
    }
    return notNegative(name, time);
  }

  static Duration notNegative(String name, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(name + " is zero or longer, not " + time);
    }
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " is a year at most, not " + time);
    }
    return time;
  }
}
