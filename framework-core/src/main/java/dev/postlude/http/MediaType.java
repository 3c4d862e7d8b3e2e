package dev.postlude.http;

import java.nio.charset.Charset;
import java.util.Locale;

/**
 * The media types that responses name, and how a {@code Content-Type} is read: RFC 9110 section
 * 8.3.
 */
public final class MediaType {
  public static final String TEXT = "text/plain; charset=utf-8";
  public static final String HTML = "text/html; charset=utf-8";
  public static final String JSON = "application/json";
  public static final String PROBLEM = "application/problem+json";
  public static final String BYTES = "application/octet-stream";

  private MediaType() {}

  /** Whether a {@code Content-Type} is of that type and subtype, whatever its parameters. */
  public static boolean is(String contentType, String type) {
    return essence(contentType).equals(type);
  }

  /** Whether a {@code Content-Type} is {@code application/json} or any {@code +json} type. */
  public static boolean isJson(String contentType) {
    String essence = essence(contentType);
    return essence.equals(JSON)
        || (essence.startsWith("application/") && essence.endsWith("+json"));
  }

  /**
   * The charset that a {@code Content-Type} names.
   *
   * @throws HttpException 415 when it names one that this JVM does not know
   */
  static Charset charset(String contentType, Charset fallback) {
    int at = contentType.toLowerCase(Locale.ROOT).indexOf("charset=");
    if (at < 0) {
      return fallback;
    }
    String name = contentType.substring(at + "charset=".length());
    int end = name.indexOf(';');
    name = (end < 0 ? name : name.substring(0, end)).replace("\"", "").strip();
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new HttpException(415, "unknown charset " + Token.quoted(name) + ": send utf-8");
    }
  }

  static String essence(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
