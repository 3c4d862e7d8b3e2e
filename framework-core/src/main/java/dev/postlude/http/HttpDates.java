package dev.postlude.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dates as header fields hold them, to the second: RFC 9110 section 5.6.7. */
public final class HttpDates {
  /** Two digits of a year are of this one or the 99 after it. */
  private static final int FIRST_SHORT_YEAR = 1970;

  /** The one that is written. */
  private static final DateTimeFormatter FIXED =
      inGreenwich(DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH));

  private static final List<DateTimeFormatter> READ =
      List.of(
          FIXED,
          inGreenwich(
              new DateTimeFormatterBuilder()
                  .appendPattern("EEEE, dd-MMM-")
                  .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_SHORT_YEAR)
                  .appendPattern(" HH:mm:ss 'GMT'")
                  .toFormatter(Locale.ENGLISH)),
          inGreenwich(DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)));

  private HttpDates() {}

  private static DateTimeFormatter inGreenwich(DateTimeFormatter format) {
    return format.withZone(ZoneOffset.UTC);
  }

  /**
   * Writes a date, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}; what is beyond the second is cut
   * off.
   */
  public static String format(Instant date) {
    return FIXED.format(date);
  }

  /** Reads a date in any of the three formats that there are; nothing for what is none. */
  public static Optional<Instant> parse(String text) {
    for (DateTimeFormatter format : READ) {
      try {
        return Optional.of(format.parse(text.strip(), Instant::from));
      } catch (DateTimeException e) {
        // perhaps the next
      }
    }
    return Optional.empty();
  }
}
