package dev.postlude.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Strict percent-decoding (RFC 3986 section 2.1): a sequence that is cut short, is not hexadecimal,
 * is not UTF-8 or stands for NUL is refused rather than guessed at.
 */
public final class PercentEncoding {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PercentEncoding() {}

  /**
   * Decodes a path segment, in which a plus is a plus.
   *
   * @throws HttpException 400 when it is malformed
   */
  public static String decodePath(String text) {
    return decode(text, false);
  }

  /**
   * Decodes a name or value of a query or form, in which a plus is a space.
   *
   * @throws HttpException 400 when it is malformed
   */
  public static String decodeForm(String text) {
    return decode(text, true);
  }

  /** Encodes a path segment: all but RFC 3986's unreserved characters. */
  public static String encodePath(String segment) {
    StringBuilder encoded = new StringBuilder(segment.length() + 16);
    for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      if (unreserved) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  /**
   * Encodes what may not stand in a URI reference: all but ASCII, and of that blanks and the few
   * characters that RFC 3986 has no place for. What is encoded already stays as it is, control
   * characters too.
   */
  static String encodeReference(String reference) {
    StringBuilder encoded = new StringBuilder(reference.length() + 16);
    reference
        .codePoints()
        .forEach(
            c -> {
              boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
              if (surrogate || (c < 0x80 && " \"<>\\^`{|}".indexOf(c) < 0)) {
                encoded.appendCodePoint(c);
              } else {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  encoded.append('%').append(HEX.toHexDigits(octet));
                }
              }
            });
    return encoded.toString();
  }

  /** The bytes as text, those encoded that are no ASCII characters: it is left to decoding. */
  static String ascii(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte octet : bytes) {
      if (octet > 0) {
        text.append((char) octet);
      } else {
        text.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return text.toString();
  }

  private static String decode(String text, boolean plusIsSpace) {
    if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
      return text;
    }
    byte[] bytes = new byte[text.length() * 3];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value =
            i + 2 < text.length() ? hex(text.charAt(i + 1)) * 16 + hex(text.charAt(i + 2)) : -1;
        if (value <= 0) {
          throw malformed(text);
        }
        bytes[length++] = (byte) value;
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes[length++] = ' ';
      } else if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else {
        throw malformed(text);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(text);
    }
  }

  private static int hex(char c) {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    return digit < 0 ? -1000 : digit;
  }

  private static HttpException malformed(String text) {
    return new HttpException(
        400,
        "malformed percent-encoding in "
            + Token.quoted(text)
            + ": expected %XX of valid UTF-8 without NUL");
  }
}
