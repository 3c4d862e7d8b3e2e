package dev.postlude.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Spoils bytes, the same way for the same seed. */
public final class Mutator {
  /** What parsers stumble over; no HEAD, whose answers could not be told from torn ones. */
  private static final List<byte[]> WORDS =
      bytes(
          "\r\n",
          "\n",
          "\r",
          "\r\n\r\n",
          "\0",
          " ",
          "\t",
          ":",
          ";",
          ",",
          "=",
          "\"",
          "\\",
          "%",
          "%00",
          "%zz",
          "%C3%A9",
          "%C3",
          "..",
          "//",
          "/../",
          "?",
          "#",
          "*",
          "&",
          "+",
          "{",
          "}",
          "[",
          "]",
          "-1",
          "0",
          "00",
          "1",
          "99999999999999999999",
          "2147483648",
          "0x10",
          "1e9",
          "NaN",
          "ÿ",
          "HTTP/1.0",
          "HTTP/1.1",
          "HTTP/2.0",
          "HTTP/9.9",
          "http://a/",
          "OPTIONS",
          "CONNECT",
          "TRACE",
          "Content-Length: 0\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: 1, 1\r\n",
          "Content-Length: +1\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Host: b\r\n",
          "Host:\r\n",
          "Connection: close\r\n",
          "Connection: upgrade, x\r\n",
          "Expect: 100-continue\r\n",
          "Expect: x\r\n",
          "Upgrade: websocket\r\n",
          "Upgrade: h2c\r\n",
          "Range: bytes=0-,5-1,-3\r\n",
          "Cookie: =;a=\"b;;\r\n",
          "Accept: */*;q=2, text/\r\n",
          "Accept-Encoding: gzip;q=\r\n",
          "If-None-Match: \"\r\n",
          "Content-Type: multipart/form-data\r\n",
          "Content-Type: text/plain; charset=none\r\n",
          "Content-Encoding: gzip\r\n",
          " folded\r\n",
          "0\r\n\r\n",
          "5;a=b\r\nhello\r\n",
          "ffffffff\r\n",
          "--x\r\n",
          "--x--\r\n");

  private final SplittableRandom random;

  public Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  private static List<byte[]> bytes(String... words) {
    return Arrays.stream(words).map(word -> word.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  public SplittableRandom random() {
    return random;
  }

  /** One of several. */
  public <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Spoils it in one to four places, or now and then in none. */
  public byte[] spoil(byte[] good) {
    byte[] bad = good;
    for (int i = random.nextInt(5); i > 0; i--) {
      bad = once(bad);
    }
    return bad;
  }

  /** Text spoilt in the same way, each character a byte. */
  public String spoil(String good) {
    return new String(
        spoil(good.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(Math.min(bytes.length - at, 40) + 1);
    return switch (random.nextInt(9)) {
      case 0 -> flipped(bytes, Math.min(at, bytes.length - 1));
      case 1 -> spliced(bytes, at, at, new byte[] {(byte) random.nextInt(256)});
      case 2, 3 -> spliced(bytes, at, at, pick(WORDS));
      case 4 -> spliced(bytes, at, to, pick(WORDS));
      case 5 -> spliced(bytes, at, to, new byte[0]);
      case 6 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 7 -> lineTwice(bytes, at);
      default -> random.nextInt(8) > 0 ? bytes : Arrays.copyOf(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] flipped = bytes.clone();
    if (at >= 0) {
      flipped[at] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + by.length);
    out.write(bytes, 0, from);
    out.writeBytes(by);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  /** A whole line once more: fields that may stand there once. */
  private static byte[] lineTwice(byte[] bytes, int at) {
    int from = at;
    while (from > 0 && bytes[from - 1] != '\n') {
      from--;
    }
    int to = at;
    while (to < bytes.length && bytes[to] != '\n') {
      to++;
    }
    to = Math.min(to + 1, bytes.length);
    return spliced(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
  }
}
