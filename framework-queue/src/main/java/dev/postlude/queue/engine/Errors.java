package dev.postlude.queue.engine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Errors as they are written down for the people who run the queue. */
final class Errors {
  private static final int MOST = 4_000;

  private Errors() {}

  /** The error and the top of its stack, cut off at 4,000 characters. */
  static String text(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    return trimmed(text.toString().replace("\0", "\\0"), MOST);
  }

  /** The error in one line. */
  static String line(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : trimmed(message, 500);
  }

  /** A text that is no longer than this. */
  static String trimmed(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }
}
