package dev.postlude.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Dates as header fields hold them, to the second: RFC 9110 section 5.6.7. */
public final class HttpDates {
  /** Two digits of a year are of this one or the 99 after it. */
  private static final int FIRST_SHORT_YEAR = 1970;

  /** The one that is written; with names of its own, since those of a locale take long to load. */
  private static final DateTimeFormatter FIXED =
      inGreenwich(
          new DateTimeFormatterBuilder()
              .appendText(
                  ChronoField.DAY_OF_WEEK, names("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
              .appendPattern(", dd ")
              .appendText(
                  ChronoField.MONTH_OF_YEAR,
                  names(
                      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                      "Dec"))
              .appendPattern(" yyyy HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH));

  /** Those that are read only. */
  private static final class Obsolete {
    static final List<DateTimeFormatter> FORMATS =
        List.of(
            inGreenwich(
                new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_SHORT_YEAR)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)),
            inGreenwich(DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)));
  }

  private HttpDates() {}

  private static DateTimeFormatter inGreenwich(DateTimeFormatter format) {
    return format.withZone(ZoneOffset.UTC);
  }

  private static Map<Long, String> names(String... fromOne) {
    Map<Long, String> names = new HashMap<>();
    for (String name : fromOne) {
      names.put(names.size() + 1L, name);
    }
    return names;
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
    String date = text.strip();
    Optional<Instant> read = parse(FIXED, date);
    for (int i = 0; read.isEmpty() && i < Obsolete.FORMATS.size(); i++) {
      read = parse(Obsolete.FORMATS.get(i), date);
    }
    return read;
  }

  private static Optional<Instant> parse(DateTimeFormatter format, String date) {
    try {
      return Optional.of(format.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
