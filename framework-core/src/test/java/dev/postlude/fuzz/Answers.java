package dev.postlude.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads what a server sent on a connection from its beginning to its end, and forgives nothing. */
final class Answers {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 [1-5]\\d\\d [ -~]*");
  private static final Pattern FIELD =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\\t -~\\x80-\\xff]*");
  private static final Pattern CHUNK = Pattern.compile("[0-9a-fA-F]{1,8}");

  private final String text;
  private final List<Integer> statuses = new ArrayList<>();
  private int at;

  private Answers(byte[] bytes) {
    text = new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * The statuses of all answers; the last is 101 where another protocol goes on.
   *
   * @throws IOException when anything is not as RFC 9112 has it
   */
  static List<Integer> statusesOf(byte[] bytes) throws IOException {
    Answers answers = new Answers(bytes);
    while (answers.at < answers.text.length()) {
      if (answers.one() == 101) {
        break;
      }
    }
    return answers.statuses;
  }

  private int one() throws IOException {
    String statusLine = line();
    require(STATUS_LINE.matcher(statusLine).matches(), "status line", statusLine);
    int status = Integer.parseInt(statusLine, 9, 12, 10);
    statuses.add(status);
    long length = -1;
    boolean chunked = false;
    boolean close = false;
    for (String field = line(); !field.isEmpty(); field = line()) {
      require(FIELD.matcher(field).matches(), "field", field);
      String lower = field.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length: ")) {
        require(length < 0, "second length", field);
        length = Long.parseLong(field.substring(16));
      } else if (lower.equals("transfer-encoding: chunked")) {
        chunked = true;
      } else if (lower.equals("connection: close")) {
        close = true;
      }
    }
    require(!chunked || length < 0, "framing of both kinds", statusLine);
    if (status < 200 || status == 204 || status == 304) {
      require(status == 304 || (length < 0 && !chunked), "content where there is none", statusLine);
    } else if (chunked) {
      chunks();
    } else if (length >= 0) {
      skip(length);
    } else {
      require(close, "no framing", statusLine);
      at = text.length();
    }
    return status;
  }

  private void chunks() throws IOException {
    while (true) {
      String size = line();
      require(CHUNK.matcher(size).matches(), "chunk size", size);
      skip(Integer.parseInt(size, 16));
      require(line().isEmpty(), "end of a chunk", size);
      if (size.matches("0+")) {
        return;
      }
    }
  }

  private void skip(long length) throws IOException {
    require(at + length <= text.length(), "content, it is torn", length + " bytes");
    at += (int) length;
  }

  private String line() throws IOException {
    int end = text.indexOf("\r\n", at);
    require(end >= 0, "line, it is torn", text.substring(at));
    String line = text.substring(at, end);
    at = end + 2;
    return line;
  }

  private void require(boolean right, String what, String found) throws IOException {
    if (!right) {
      throw new IOException("malformed " + what + " at byte " + at + ": " + found);
    }
  }
}
