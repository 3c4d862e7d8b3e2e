package dev.postlude.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} field of responses, made once a second: RFC 9110 section 6.6.1. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static volatile HttpDate latest = new HttpDate(0);

  private final long second;
  private final String text;
  private final byte[] field;

  private HttpDate(long second) {
    this.second = second;
    this.text = FORMAT.format(Instant.ofEpochSecond(second));
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
