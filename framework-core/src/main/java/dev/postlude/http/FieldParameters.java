package dev.postlude.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field value with its parameters, as in {@code form-data; name="a"; filename="b.txt"}: RFC 9110
 * section 5.6.6.
 *
 * <p>Inside quotes a backslash only protects a quote or a backslash: some browsers send the path
 * {@code C:\photo.jpg} as it is.
 */
final class FieldParameters {
  private final String value;
  private final Map<String, String> parameters;

  private FieldParameters(String value, Map<String, String> parameters) {
    this.value = value;
    this.parameters = parameters;
  }

  /**
   * Reads a field value.
   *
   * @throws HttpException 400 when a parameter is malformed or stands twice, so that nobody reads
   *     another one than we do
   */
  static FieldParameters parse(String field) {
    int end = field.indexOf(';');
    String value = (end < 0 ? field : field.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    Map<String, String> parameters = new HashMap<>();
    for (int at = end; at >= 0 && at < field.length(); ) {
      at = skipBlanks(field, at + 1);
      if (at == field.length() || field.charAt(at) == ';') {
        continue; // an empty one, as at the end of "a; b=c;"
      }
      int equals = field.indexOf('=', at);
      String name = equals < 0 ? "" : field.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      if (!Token.isToken(name)) {
        throw malformed(field);
      }
      StringBuilder text = new StringBuilder();
      at = skipBlanks(field, equals + 1);
      at =
          at < field.length() && field.charAt(at) == '"'
              ? quoted(field, at, text)
              : bare(field, at, text);
      if (parameters.putIfAbsent(name, text.toString()) != null) {
        throw new HttpException(
            400, "the parameter " + Token.quoted(name) + " stands twice in " + Token.quoted(field));
      }
    }
    return new FieldParameters(value, parameters);
  }

  private static int bare(String field, int from, StringBuilder text) {
    int semicolon = field.indexOf(';', from);
    int end = semicolon < 0 ? field.length() : semicolon;
    text.append(field.substring(from, end).strip());
    return end;
  }

  private static int quoted(String field, int from, StringBuilder text) {
    int at = from + 1;
    for (; at < field.length() && field.charAt(at) != '"'; at++) {
      char c = field.charAt(at);
      char next = at + 1 < field.length() ? field.charAt(at + 1) : ' ';
      if (c == '\\' && (next == '"' || next == '\\')) {
        at++;
        c = next;
      }
      text.append(c);
    }
    if (at == field.length()) {
      throw malformed(field);
    }
    at = skipBlanks(field, at + 1);
    if (at < field.length() && field.charAt(at) != ';') {
      throw malformed(field);
    }
    return at;
  }

  private static int skipBlanks(String field, int from) {
    int at = from;
    while (at < field.length() && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static HttpException malformed(String field) {
    return new HttpException(400, "malformed parameters: " + Token.quoted(field));
  }

  /** What stands before the first semicolon, in lower case. */
  String value() {
    return value;
  }

  /** A parameter, by its name in lower case; {@code null} when there is none. */
  @Nullable String get(String name) {
    return parameters.get(name);
  }
}
