package dev.postlude.server;

import dev.postlude.http.HttpDates;
import java.time.Instant;

/**
 * The {@code Date} field of responses, made once a second: RFC 9110 section 6.6.1. Refreshed by
 * {@link Watch}, as long as there is a connection, so that no response has to look at the clock.
 */
final class HttpDate {
  private static volatile HttpDate latest = new HttpDate(System.currentTimeMillis() / 1000);

  private final long second;
  private final String text;

  private HttpDate(long second) {
    this.second = second;
    this.text = HttpDates.format(Instant.ofEpochSecond(second));
  }

  /** Looks at the clock. */
  static void refresh() {
    long now = System.currentTimeMillis() / 1000;
    if (latest.second != now) {
      latest = new HttpDate(now);
    }
  }

  /** The present one: another one every second. */
  static HttpDate latest() {
    return latest;
  }

  /** The value of the field. */
  String text() {
    return text;
  }
}
