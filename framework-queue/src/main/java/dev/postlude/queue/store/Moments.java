package dev.postlude.queue.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Points in time as the tables have them: milliseconds since 1970. */
public final class Moments {
  private static final long LAST = 253_402_300_799_000L; // the end of the year 9999

  private Moments() {}

  /** Tells when it will be this much later; for what lies further away the end of the year 9999. */
  public static long after(long moment, Duration wait) {
    long millis = TimeUnit.MILLISECONDS.convert(wait); // saturates, unlike toMillis()
    return millis > LAST - moment ? LAST : moment + millis;
  }
}
