package dev.postlude.queue.engine;

import dev.postlude.queue.store.Picked;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Errors as they are written down for the people who run the queue. */
final class Errors {
  private static final int MOST = 4_000;

  private static final Pattern UNPLAIN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Errors() {}

  /** The error and the top of its stack, cut off at 4,000 characters. */
  static String text(Throwable error) {
    StringWriter text = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(text, true));
    } catch (Throwable e) { // its own message threw
      text.append(error.getClass().getName());
    }
    return trimmed(text.toString(), MOST);
  }

  /** The error in one line. */
  static String line(Throwable error) {
    String message = message(error);
    return message == null ? error.getClass().getSimpleName() : plain(trimmed(message, 500));
  }

  /** The error's class, and what it says in one line. */
  static String named(Throwable error) {
    String name = error.getClass().getName();
    return message(error) == null ? name : name + ": " + line(error);
  }

  private static @Nullable String message(Throwable error) {
    try {
      return error.getMessage();
    } catch (Throwable e) {
      return null;
    }
  }

  /**
   * An error of another system's in one line: the first one, or the last one of a traceback of
   * Python's.
   */
  static String line(String error) {
    String text = error.strip();
    int end = text.indexOf('\n');
    if (end < 0) {
      return plain(trimmed(text, 500));
    }
    String line =
        text.startsWith("Traceback")
            ? text.substring(text.lastIndexOf('\n') + 1)
            : text.substring(0, end);
    return plain(trimmed(line.strip(), 500));
  }

  /** How lines in the log begin that are about a task. */
  static String title(Picked picked) {
    return "task " + plain(picked.name()) + " " + picked.id();
  }

  /** A time as the log tells it: {@code 0.75 s}. */
  static String seconds(Duration time) {
    return BigDecimal.valueOf(TimeUnit.MILLISECONDS.convert(time), 3)
            .stripTrailingZeros()
            .toPlainString()
        + " s";
  }

  /** A text from outside that cannot write a line of its own into the log. */
  static String plain(String text) {
    return UNPLAIN.matcher(text).replaceAll("?");
  }

  /** A text that is no longer than this, and without what PostgreSQL refuses: the character 0. */
  static String trimmed(String given, int most) {
    String text = given.replace("\0", "\\0");
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }
}
