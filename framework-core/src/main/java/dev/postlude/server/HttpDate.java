package dev.postlude.server;

import dev.postlude.http.HttpDates;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The {@code Date} field of responses, made once a second: RFC 9110 section 6.6.1. */
final class HttpDate {
  private static volatile HttpDate latest = new HttpDate(0);

  private final long second;
  private final String text;
  private final byte[] field;

  private HttpDate(long second) {
    this.second = second;
    this.text = HttpDates.format(Instant.ofEpochSecond(second));
    this.field = ("Date: " + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static HttpDate now() {
    long now = System.currentTimeMillis() / 1000;
    HttpDate date = latest;
    if (date.second != now) {
      date = new HttpDate(now);
      latest = date;
    }
    return date;
  }

  /** The value. */
  static String text() {
    return now().text;
  }

  /** The whole field line, its line end included. Not to be changed. */
  static byte[] field() {
    return now().field;
  }
}
