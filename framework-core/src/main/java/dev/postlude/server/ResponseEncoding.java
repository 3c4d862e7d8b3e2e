package dev.postlude.server;

import dev.postlude.http.Headers;
import dev.postlude.http.Response;
import dev.postlude.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * A response's head as HTTP/1.1 bytes: RFC 9112 section 4. By hand and not by Netty's encoder,
 * which would first want the head copied into its own message and header objects.
 */
final class ResponseEncoding {
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] UPGRADE = ascii("Upgrade: websocket\r\nConnection: Upgrade\r\n");
  private static final Opening[] OPENINGS = new Opening[600];
  private static final Length[] LENGTHS = new Length[2048];
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] COLON = ascii(": ");
  static final int CRLF = '\r' << 8 | '\n';

  private ResponseEncoding() {}

  /** The status line and {@code Date}: the same bytes for a second. */
  private record Opening(HttpDate date, byte[] bytes) {}

  /** {@code Content-Length} for one length. */
  private record Length(byte[] line) {
    static Length of(long length) {
      return new Length(ascii("Content-Length: " + length + "\r\n"));
    }
  }

  /** The whole interim response to {@code Expect: 100-continue}. */
  static ByteBuf continueHead() {
    return Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII);
  }

  /** The end of chunked content. */
  static ByteBuf lastChunk() {
    return Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII);
  }

  /**
   * Appends the head, its empty line included. One byte a character: fields hold ISO-8859-1 only,
   * which was checked where they were set.
   *
   * @param chunked whether chunked content follows
   */
  static void head(Outlet to, Response response, Persistence persistence, boolean chunked) {
    int status = response.status();
    to.append(opening(status));
    Headers headers = response.headers();
    byte[] lines = headers.lines();
    if (lines != null) {
      to.append(lines);
    } else {
      fields(to, headers);
    }
    long length = Wire.length(response);
    if (chunked) {
      to.append(CHUNKED);
    } else if (length >= 0) {
      to.append(contentLength(length));
    }
    if (status == 101 || status == 426) {
      to.append(UPGRADE); // RFC 9110 section 15.5.22: a 426 says to what
    }
    if (persistence == Persistence.CLOSE) {
      to.append(CLOSE);
    } else if (persistence == Persistence.KEEP_ALIVE) {
      to.append(KEEP_ALIVE);
    }
    to.append(LINE_END);
  }

  // The two below are kept without locks: whoever comes second makes the same bytes again. Records
  // hold them, since what is reached by a final field is seen whole by other threads.

  private static byte[] opening(int status) {
    HttpDate date = HttpDate.latest();
    Opening present = OPENINGS[status];
    if (present == null || present.date() != date) {
      String statusLine = "HTTP/1.1 " + status + " " + Status.reason(status) + "\r\n";
      present = new Opening(date, ascii(statusLine + "Date: " + date.text() + "\r\n"));
      OPENINGS[status] = present;
    }
    return present.bytes();
  }

  private static byte[] contentLength(long length) {
    if (length >= LENGTHS.length) {
      return Length.of(length).line();
    }
    Length present = LENGTHS[(int) length];
    if (present == null) {
      present = Length.of(length);
      LENGTHS[(int) length] = present;
    }
    return present.line();
  }

  private static void fields(Outlet to, Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!name.equalsIgnoreCase("Connection")) {
        to.append(name).append(COLON).append(headers.value(i)).append(LINE_END);
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
