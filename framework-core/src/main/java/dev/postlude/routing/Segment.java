package dev.postlude.routing;

import dev.postlude.http.PercentEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands between two slashes of a {@link PathPattern}. */
final class Segment {
  /** The kinds, in the order in which they are tried. */
  enum Kind {
    LITERAL(0),
    MIXED(1_000),
    TYPED(2_000),
    REGEX(3_000),
    PLAIN(4_000),
    REST(5_000);

    final int rank;

    Kind(int rank) {
      this.rank = rank;
    }
  }

  private final Kind kind;
  private final String literal;
  private final List<String> paramNames;
  private final List<Optional<ParamType>> types;
  private final @Nullable Pattern regex;
  private final String text;

  private Segment(
      Kind kind, String literal, List<Placeholder> params, @Nullable Pattern regex, String text) {
    this.kind = kind;
    this.literal = literal;
    this.paramNames = params.stream().map(Placeholder::name).toList();
    this.types = params.stream().map(Placeholder::type).toList();
    this.regex = regex;
    this.text = text;
  }

  static Segment parse(String text, String pattern, Map<String, ParamType> known) {
    if (text.indexOf('{') < 0) {
      if (text.indexOf('}') >= 0
          || text.startsWith(":")
          || text.indexOf('*') >= 0
          || text.startsWith("<")) {
        throw new IllegalArgumentException(
            "write {name} for a parameter and {name...} for the rest of the path: " + pattern);
      }
      return new Segment(Kind.LITERAL, requireDecoded(text, pattern), List.of(), null, text);
    }
    List<Placeholder> params = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int close = text.charAt(i) == '{' ? closing(text, i) : -1;
      if (close < 0) {
        int next = text.indexOf('{', i);
        String between = text.substring(i, next < 0 ? text.length() : next);
        literal.append(requireDecoded(between, pattern));
        regex.append(Pattern.quote(between));
        i += between.length();
      } else {
        Placeholder param = Placeholder.parse(text.substring(i + 1, close), pattern, known);
        params.add(param);
        regex.append('(').append(param.regex()).append(')');
        i = close + 1;
      }
    }
    if (params.size() == 1 && literal.isEmpty()) {
      return single(params, pattern);
    }
    if (text.contains("...}")) {
      throw new IllegalArgumentException(
          "{name...} takes whole segments, so nothing may stand beside it: " + pattern);
    }
    if (text.contains("}{")) {
      throw new IllegalArgumentException(
          "put some text between two parameters of a segment, nothing tells where one ends: "
              + pattern);
    }
    Pattern whole = Placeholder.compile(regex.toString(), pattern);
    return new Segment(Kind.MIXED, literal.toString(), params, whole, text);
  }

  private static Segment single(List<Placeholder> params, String pattern) {
    Placeholder only = params.get(0);
    return switch (only.form()) {
      case REST -> new Segment(Kind.REST, "", params, null, "");
      case PLAIN -> new Segment(Kind.PLAIN, "", params, null, "");
      case TYPED -> new Segment(Kind.TYPED, "", params, null, "");
      case REGEX ->
          new Segment(Kind.REGEX, "", params, Placeholder.compile(only.regex(), pattern), "");
    };
  }

  /** Paths are compared decoded, and without their query. */
  private static String requireDecoded(String literal, String pattern) {
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == '%' || c == '?' || c == '#' || c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException(
            "write a path as it reads when decoded, without %, ? and #: " + pattern);
      }
    }
    return literal;
  }

  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("the braces do not match: " + text);
  }

  boolean isLiteral() {
    return kind == Kind.LITERAL;
  }

  boolean isRest() {
    return kind == Kind.REST;
  }

  /** The text that a path must show here; for {@link Kind#MIXED} that around its parameters. */
  String literal() {
    return literal;
  }

  List<String> paramNames() {
    return paramNames;
  }

  /** Equal for segments that take the same values. */
  String shape() {
    return switch (kind) {
      case LITERAL -> literal;
      case PLAIN -> "{}";
      case REST -> "{...}";
      case TYPED -> "{:" + types.get(0).map(ParamType::name).orElse("") + "}";
      case REGEX, MIXED -> "{:" + regex + "}";
    };
  }

  /** Smaller for what is tried first among segments at the same place. */
  int rank() {
    if (kind == Kind.MIXED) {
      return kind.rank + 999 - Math.min(literal.length(), 999);
    }
    return kind == Kind.TYPED ? kind.rank + types.get(0).map(ParamType::rank).orElse(0) : kind.rank;
  }

  /** Whether a value might fit both, as far as that can be told. */
  boolean mayMeet(Segment other) {
    if (kind == Kind.LITERAL && other.kind == Kind.LITERAL) {
      return literal.equals(other.literal);
    }
    if (kind != Kind.MIXED || other.kind != Kind.MIXED) {
      return true;
    }
    String before = text.substring(0, text.indexOf('{'));
    String otherBefore = other.text.substring(0, other.text.indexOf('{'));
    String after = text.substring(text.lastIndexOf('}') + 1);
    String otherAfter = other.text.substring(other.text.lastIndexOf('}') + 1);
    return (before.startsWith(otherBefore) || otherBefore.startsWith(before))
        && (after.endsWith(otherAfter) || otherAfter.endsWith(after));
  }

  /**
   * Whether a decoded, single segment of a path fits; if so its values are appended.
   *
   * @param values takes a value for each parameter
   */
  boolean matches(String value, List<String> values) {
    return switch (kind) {
      case LITERAL -> literal.equals(value);
      case PLAIN -> !value.isEmpty() && values.add(value);
      case TYPED -> accepts(0, value) && values.add(value);
      case REGEX, MIXED -> regex != null && fits(regex.matcher(value), values);
      case REST -> throw new IllegalStateException("the rest is more than one segment");
    };
  }

  /** The segment with these values, one for each parameter, percent-encoded. */
  String path(List<String> values) {
    if (kind == Kind.LITERAL) {
      return PercentEncoding.encodePath(literal);
    }
    if (kind == Kind.REST) {
      return Arrays.stream(values.get(0).split("/", -1))
          .map(PercentEncoding::encodePath)
          .collect(Collectors.joining("/"));
    }
    String value = kind == Kind.MIXED ? filled(values) : values.get(0);
    if (!matches(value, new ArrayList<>())) {
      throw new IllegalArgumentException(
          "the values " + values + " do not fit " + paramNames + " of the route");
    }
    return PercentEncoding.encodePath(value);
  }

  private String filled(List<String> values) {
    StringBuilder filled = new StringBuilder();
    int param = 0;
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) == '{') {
        filled.append(values.get(param++));
        i = closing(text, i) + 1;
      } else {
        filled.append(text.charAt(i++));
      }
    }
    return filled.toString();
  }

  private boolean accepts(int param, String value) {
    return types.get(param).map(type -> type.accepts().test(value)).orElse(true);
  }

  private boolean fits(Matcher matcher, List<String> values) {
    if (!matcher.matches()) {
      return false;
    }
    if (matcher.groupCount() == 0) {
      return values.add(matcher.group());
    }
    for (int i = 1; i <= matcher.groupCount(); i++) {
      if (!accepts(i - 1, matcher.group(i))) {
        return false; // who asked takes back what was appended
      }
      values.add(matcher.group(i));
    }
    return true;
  }
}
