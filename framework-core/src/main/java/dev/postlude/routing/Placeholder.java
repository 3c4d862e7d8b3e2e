package dev.postlude.routing;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A parameter as it stands between the braces of a pattern: {@code id}, {@code id:int}, {@code
 * id:[0-9]{4}}, {@code path...}.
 *
 * @param name what its value is found by
 * @param type the type that was named, if one was
 * @param regex what a value is made of, without capturing groups
 * @param form how it was written
 */
record Placeholder(String name, Optional<ParamType> type, String regex, Form form) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /** The ways to write one. */
  enum Form {
    PLAIN,
    TYPED,
    REGEX,
    REST
  }

  /**
   * Reads what stands between the braces.
   *
   * @param pattern the whole pattern, for messages
   * @param known the types that may be named
   * @throws IllegalArgumentException when it is malformed
   */
  static Placeholder parse(String text, String pattern, Map<String, ParamType> known) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      boolean rest = text.endsWith("...");
      String name = rest ? text.substring(0, text.length() - 3) : text;
      return new Placeholder(
          requireName(name, pattern), Optional.empty(), "[^/]+?", rest ? Form.REST : Form.PLAIN);
    }
    String name = requireName(text.substring(0, colon), pattern);
    String what = text.substring(colon + 1);
    ParamType type = known.get(what);
    return type != null
        ? new Placeholder(name, Optional.of(type), type.regex(), Form.TYPED)
        : new Placeholder(name, Optional.empty(), requireRegex(what, pattern, known), Form.REGEX);
  }

  private static String requireName(String name, String pattern) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a parameter's name is made of letters, digits, _ and -, not '" + name + "': " + pattern);
    }
    return name;
  }

  private static String requireRegex(String regex, String pattern, Map<String, ParamType> known) {
    if (regex.matches("[A-Za-z]*")) {
      throw new IllegalArgumentException(
          "unknown parameter type '"
              + regex
              + "': use one of "
              + known.keySet()
              + " or a regular expression such as {id:[0-9]{4}}: "
              + pattern);
    }
    if (compile(regex, pattern).matcher("").groupCount() > 0) {
      throw new IllegalArgumentException(
          "write (?:...) for groups in a parameter's regular expression: " + pattern);
    }
    return regex;
  }

  /**
   * Compiles a part of a pattern.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static Pattern compile(String regex, String pattern) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "malformed regular expression in " + pattern + ": " + e.getDescription(), e);
    }
  }
}
