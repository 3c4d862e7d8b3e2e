package dev.postlude.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a multipart body, one after the other: RFC 2046 section 5.1.
 *
 * <pre>
 *   preamble  delimiter  head content  delimiter  head content  delimiter--  epilogue
 *            '--------- nextHead ----'- content -'
 * </pre>
 *
 * <p>Strict where leniency would let two readers see different parts: lines end with CRLF, nothing
 * but blanks follows a delimiter, header fields are not folded.
 */
final class MultipartReader {
  private static final int BUFFER = 16 * 1024;

  private final InputStream in;
  private final MultipartOptions options;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int end;
  private long total;
  private boolean begun;

  MultipartReader(InputStream in, String boundary, MultipartOptions options) {
    this.in = in;
    this.options = options;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // The line end that belongs to the first delimiter may be missing.
    buffer[end++] = '\r';
    buffer[end++] = '\n';
  }

  /**
   * Reads to the content of the next part.
   *
   * @return its head, or {@code null} after the last part, all input having been read then
   * @throws HttpException 400 when it is malformed or cut off, 413 when it is too long
   */
  @Nullable Headers nextHead() throws IOException {
    if (!begun) {
      begun = true;
      content(OutputStream.nullOutputStream());
    }
    int first = next();
    if (first == '-' && peek() == '-') {
      do {
        position = end;
      } while (fill());
      return null;
    }
    while (first == ' ' || first == '\t') {
      first = next();
    }
    if (first != '\r' || next() != '\n') {
      throw malformed("a line with the boundary holds more than that");
    }
    return head();
  }

  private Headers head() throws IOException {
    List<String> fields = new ArrayList<>();
    int length = 0;
    for (String line = line(length); !line.isEmpty(); line = line(length)) {
      length += line.length() + 2; // its end too
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw malformed("a part's head holds a line that is no field");
      }
      fields.add(line.substring(0, colon));
      fields.add(line.substring(colon + 1).strip());
    }
    try {
      return Headers.of(fields.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw malformed("a part's head holds a malformed field").causedBy(e);
    }
  }

  private String line(int before) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int b = next(); b != '\r' || peek() != '\n'; b = next()) {
      line.write(b);
      if (before + line.size() + 2 > options.maxHead()) {
        throw new HttpException(
            413, "the head of a part is longer than " + options.maxHead() + " bytes (maxHead)");
      }
    }
    position++;
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * Copies the content of the current part.
   *
   * @throws HttpException 400 when it is cut off, 413 when it is too long
   */
  void content(OutputStream to) throws IOException {
    for (; ; ) {
      int found = search();
      to.write(buffer, position, found - position);
      position = found;
      if (end - position >= delimiter.length) {
        position += delimiter.length;
        return;
      }
      if (!fill()) {
        throw malformed("it ends before its last boundary");
      }
    }
  }

  /** Where the delimiter begins, or might if there were more, or else the end. */
  private int search() {
    for (int at = position; at < end; at++) {
      if (buffer[at] == '\r') {
        int length = Math.min(delimiter.length, end - at);
        if (Arrays.equals(buffer, at, at + length, delimiter, 0, length)) {
          return at;
        }
      }
    }
    return end;
  }

  private int next() throws IOException {
    int b = peek();
    position++;
    return b;
  }

  private int peek() throws IOException {
    if (position == end && !fill()) {
      throw malformed("it ends before its last boundary");
    }
    return buffer[position] & 0xff;
  }

  /** Reads some more behind what there is; false at the end. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, end - position);
    end -= position;
    position = 0;
    int some = in.read(buffer, end, BUFFER - end);
    if (some < 0) {
      return false;
    }
    end += some;
    total += some;
    if (total > options.maxTotal()) {
      throw new HttpException(
          413, "the form is longer than " + options.maxTotal() + " bytes (maxTotal)");
    }
    return true;
  }

  private static HttpException malformed(String how) {
    return new HttpException(400, "malformed multipart form: " + how);
  }
}
