package dev.postlude.server;

import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads that are plain, as nearly all are: whole, HTTP/1.1, in origin form, with one
 * {@code Host}, and with no field that asks anything of the connection but to persist or to close.
 *
 * <p>Anything else is left to Netty's parser, byte for byte, which alone says what is wrong with
 * it. What is accepted here is a part of what is accepted there, and read in the same way; {@code
 * PlainHeadTest} holds the two against each other.
 *
 * <p>One for each event loop, used on that loop only.
 */
final class PlainHead {
  private static final int MAX_BYTES = 8 * 1024;
  private static final int MAX_FIELDS = 100;

  /** So much is looked at first: those that pipeline have other requests behind it. */
  private static final int FIRST_LOOK = 512;

  /** So much before the fields, if these are known. */
  private static final int FIRST_LOOK_AT_LINE = 128;

  private static final int MAX_LENGTH_DIGITS = 18;
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] HOST = ascii("host");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] CONTENT_LENGTH = ascii("content-length");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] CLOSE = ascii("close");
  private static final byte[][] NOT_PLAIN = {
    ascii("upgrade"), ascii("expect"), ascii("transfer-encoding"), ascii("http2-settings")
  };
  private static final Method[] METHODS = {
    Method.GET, Method.POST, Method.PUT, Method.DELETE, Method.PATCH, Method.HEAD, Method.OPTIONS
  };
  private static final byte[][] METHOD_NAMES = new byte[METHODS.length][];

  /** RFC 9110 section 5.6.2, by byte. */
  private static final boolean[] TOKEN = new boolean[256];

  /** What a request target may be made of, by byte; the rest is to be percent-encoded. */
  private static final boolean[] TARGET = new boolean[256];

  static {
    for (int i = 0; i < METHODS.length; i++) {
      METHOD_NAMES[i] = ascii(METHODS[i].name() + " ");
    }
    for (int c = '!'; c < 0x7f; c++) {
      TARGET[c] = c != '#';
      TOKEN[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }

  private final byte[] text = new byte[MAX_BYTES];
  private final int[] bounds = new int[4 * MAX_FIELDS];

  // Of the head that is being read.
  private int end;
  private Method method = Method.GET;
  private int targetFrom;
  private int targetTo;
  private int fieldsFrom;
  private @Nullable FieldLines fields; // null until it is known which
  private int count;
  private boolean host;
  private boolean connection;
  private boolean keepAlive;
  private long contentLength;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Takes a head out of the bytes, or leaves them as they are and returns {@code null} when it is
   * not plain, or not there as a whole.
   *
   * @param bodyAllowed whether it may announce a body; that must be there as a whole too, and
   *     remains in the bytes
   * @param known those of the connection's last head, or {@code null}
   */
  @Nullable RequestHead read(
      ByteBuf in, ServerOptions options, boolean bodyAllowed, @Nullable FieldLines known) {
    int readable = Math.min(in.readableBytes(), MAX_BYTES);
    int first = known == null ? FIRST_LOOK : FIRST_LOOK_AT_LINE + known.text().length;
    end = Math.min(readable, first);
    look(in);
    int length = parse(options, known);
    if (length < 0 && end < readable) {
      end = readable;
      look(in);
      length = parse(options, known);
    }
    if (length < 0
        || contentLength > 0 && (!bodyAllowed || in.readableBytes() - length < contentLength)) {
      return null;
    }
    in.skipBytes(length);
    String target =
        new String(text, targetFrom, targetTo - targetFrom, StandardCharsets.ISO_8859_1);
    FieldLines lines = fields == null ? newFields(length - 2) : fields;
    fields = lines;
    return new RequestHead(
        method,
        target,
        Request.pathOf(target),
        lines.headers(),
        false,
        lines.keepAlive(),
        lines.contentLength(),
        true);
  }

  private FieldLines newFields(int to) {
    byte[] lines = Arrays.copyOfRange(text, fieldsFrom, to);
    Headers headers = Headers.received(lines, Arrays.copyOf(bounds, 4 * count));
    return new FieldLines(lines, headers, keepAlive, contentLength);
  }

  /** Those of the head that was read last. */
  FieldLines fields() {
    return Objects.requireNonNull(fields, "no head has been read");
  }

  /** Copies as much as is looked at; a look that reads makes no object, one that gets does. */
  private void look(ByteBuf in) {
    int from = in.readerIndex();
    in.readBytes(text, 0, end).readerIndex(from);
  }

  /** Returns how long the head is, its empty line included, or -1. */
  private int parse(ServerOptions options, @Nullable FieldLines known) {
    fields = null;
    count = 0;
    host = false;
    connection = false;
    keepAlive = true;
    contentLength = -1;
    int at = requestLine();
    if (at < 0 || at > options.maxRequestLine()) {
      return -1;
    }
    fieldsFrom = at;
    if (known != null && are(known.text(), at)) {
      fields = known;
      contentLength = known.contentLength();
      return at + known.text().length + 2;
    }
    int most = Math.min(MAX_FIELDS, options.maxHeaderCount());
    while (at >= 0 && at + 1 < end && text[at] != '\r') {
      at = count < most ? field(at) : -1;
    }
    if (at < 0 || at + 1 >= end || text[at + 1] != '\n' || !host) {
      return -1;
    }
    return at - fieldsFrom > options.maxHead() ? -1 : at + 2;
  }

  /** Whether these are the field lines from here on, and the empty line comes behind them. */
  private boolean are(byte[] lines, int from) {
    int to = from + lines.length;
    return to + 1 < end
        && text[to] == '\r'
        && text[to + 1] == '\n'
        && Arrays.equals(text, from, to, lines, 0, lines.length);
  }

  private int requestLine() {
    int at = -1;
    for (int i = 0; i < METHODS.length && at < 0; i++) {
      if (isAt(0, METHOD_NAMES[i])) {
        method = METHODS[i];
        at = METHOD_NAMES[i].length;
      }
    }
    if (at < 0 || at >= end || text[at] != '/') {
      return -1;
    }
    targetFrom = at;
    while (at < end && TARGET[text[at] & 0xff]) {
      at++;
    }
    targetTo = at;
    return isAt(at, VERSION) ? at + VERSION.length : -1;
  }

  private boolean isAt(int from, byte[] expected) {
    if (from + expected.length > end) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (text[from + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads a field line, its end included, and returns where the next one begins, or -1. */
  private int field(int nameFrom) {
    int at = nameFrom;
    while (at < end && TOKEN[text[at] & 0xff]) {
      at++;
    }
    int nameTo = at;
    if (nameTo == nameFrom || at >= end || text[at++] != ':') {
      return -1;
    }
    while (at < end && isBlank(text[at])) {
      at++;
    }
    int valueFrom = at;
    while (at < end && (text[at] >= ' ' && text[at] != 0x7f || text[at] == '\t')) {
      at++;
    }
    if (at + 1 >= end || text[at] != '\r' || text[at + 1] != '\n') {
      return -1;
    }
    int valueTo = at;
    while (valueTo > valueFrom && isBlank(text[valueTo - 1])) {
      valueTo--;
    }
    int of = 4 * count++;
    bounds[of] = nameFrom - fieldsFrom;
    bounds[of + 1] = nameTo - fieldsFrom;
    bounds[of + 2] = valueFrom - fieldsFrom;
    bounds[of + 3] = valueTo - fieldsFrom;
    return isPlain(nameFrom, nameTo, valueFrom, valueTo) ? at + 2 : -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private boolean isPlain(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    switch (text[nameFrom] | 0x20) {
      case 'h' -> {
        if (is(nameFrom, nameTo, HOST)) {
          boolean first = !host;
          host = true;
          return first && RequestHead.isPlainAuthority(text, valueFrom, valueTo);
        }
      }
      case 'c' -> {
        if (is(nameFrom, nameTo, CONNECTION)) {
          boolean first = !connection;
          connection = true;
          keepAlive = is(valueFrom, valueTo, KEEP_ALIVE);
          return first && (keepAlive || is(valueFrom, valueTo, CLOSE));
        }
        if (is(nameFrom, nameTo, CONTENT_LENGTH)) {
          return contentLength < 0 && isLength(valueFrom, valueTo);
        }
        return true;
      }
      case 'u', 'e', 't' -> {}
      default -> {
        return true;
      }
    }
    for (byte[] name : NOT_PLAIN) {
      if (is(nameFrom, nameTo, name)) {
        return false;
      }
    }
    return true;
  }

  /** Whether these characters are the given ones, without regard to case. */
  private boolean is(int from, int to, byte[] lowerCase) {
    if (to - from != lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte b = text[from + i];
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isLength(int from, int to) {
    if (to == from || to - from > MAX_LENGTH_DIGITS) {
      return false;
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
      length = 10 * length + text[i] - '0';
    }
    contentLength = length;
    return true;
  }
}
