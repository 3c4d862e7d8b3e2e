package dev.postlude.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A route's path as it was written: {@code /users/{id:int}/files/{path...}}.
 *
 * @param segments what stands between the slashes
 * @param paramNames the names of all parameters, from left to right
 */
record PathPattern(String text, List<Segment> segments, List<String> paramNames) {
  /**
   * Parses a pattern.
   *
   * @throws IllegalArgumentException when it is malformed; the message says what to write instead
   */
  static PathPattern parse(String text) {
    return parse(text, ParamType.builtIn());
  }

  /**
   * Parses a pattern.
   *
   * @param types the types that parameters may have, by name
   * @throws IllegalArgumentException when it is malformed; the message says what to write instead
   */
  static PathPattern parse(String text, Map<String, ParamType> types) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: '" + text + "'");
    }
    List<Segment> segments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> parts = split(text);
    for (int i = 0; i < parts.size(); i++) {
      Segment segment = Segment.parse(parts.get(i), text, types);
      if (segment.isRest() && i < parts.size() - 1) {
        throw new IllegalArgumentException(
            "{"
                + segment.paramNames().get(0)
                + "...} takes the rest of the path, so it must stand last: "
                + text);
      }
      segments.add(segment);
      names.addAll(segment.paramNames());
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("two parameters are named {" + name + "}: " + text);
      }
    }
    return new PathPattern(text, List.copyOf(segments), List.copyOf(names));
  }

  /** Splits at slashes outside of braces: a regular expression may hold them. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 1;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == '/' && depth == 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    if (depth != 0) {
      throw new IllegalArgumentException("the braces do not match: " + text);
    }
    parts.add(text.substring(from));
    return parts;
  }

  /**
   * The pattern with its parameters' names taken out: equal for patterns that match the same paths
   * by the same rules.
   */
  String shape() {
    return segments.stream().map(Segment::shape).collect(Collectors.joining("/", "/", ""));
  }

  /**
   * The path with these values, percent-encoded.
   *
   * @throws IllegalArgumentException when their number is wrong or one does not fit
   */
  String path(List<String> values) {
    if (values.size() != paramNames.size()) {
      throw new IllegalArgumentException(
          text + " takes " + paramNames.size() + " values for " + paramNames + ", not " + values);
    }
    StringBuilder path = new StringBuilder();
    int next = 0;
    for (Segment segment : segments) {
      int count = segment.paramNames().size();
      path.append('/').append(segment.path(values.subList(next, next + count)));
      next += count;
    }
    return path.toString();
  }

  /** Whether it has no parameter, so that it matches one path only. */
  boolean isLiteral() {
    return paramNames.isEmpty();
  }

  @Override
  public String toString() {
    return text;
  }
}
