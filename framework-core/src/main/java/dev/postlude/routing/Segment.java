package dev.postlude.routing;

import dev.postlude.http.PercentEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands between two slashes of a {@link PathPattern}. */
final class Segment {
  private static final Pattern PARAM_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

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
      Kind kind,
      String literal,
      List<String> paramNames,
      List<Optional<ParamType>> types,
      @Nullable Pattern regex,
      String text) {
    this.kind = kind;
    this.literal = literal;
    this.paramNames = List.copyOf(paramNames);
    this.types = List.copyOf(types);
    this.regex = regex;
    this.text = text;
  }

  static Segment parse(String text, String pattern, Map<String, ParamType> known) {
    if (text.indexOf('{') < 0) {
      if (text.indexOf('}') >= 0 || text.startsWith(":") || text.indexOf('*') >= 0) {
        throw new IllegalArgumentException(
            "write {name} for a parameter and {name...} for the rest of the path: " + pattern);
      }
      return new Segment(
          Kind.LITERAL, requireDecoded(text, pattern), List.of(), List.of(), null, text);
    }
    List<String> names = new ArrayList<>();
    List<Optional<ParamType>> types = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    String only = "";
    for (int i = 0; i < text.length(); ) {
      int close = text.charAt(i) == '{' ? closing(text, i) : -1;
      if (close < 0) {
        int next = text.indexOf('{', i);
        String between = text.substring(i, next < 0 ? text.length() : next);
        literal.append(requireDecoded(between, pattern));
        regex.append(Pattern.quote(between));
        i += between.length();
      } else {
        only = text.substring(i + 1, close);
        names.add(nameOf(only, pattern));
        types.add(typeOf(only, known));
        regex.append('(').append(regexOf(only, pattern, known)).append(')');
        i = close + 1;
      }
    }
    if (names.size() == 1 && literal.isEmpty()) {
      return single(only, names, types, pattern, known);
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
    return new Segment(
        Kind.MIXED, literal.toString(), names, types, compile(regex.toString(), pattern), text);
  }

  private static Segment single(
      String param,
      List<String> names,
      List<Optional<ParamType>> types,
      String pattern,
      Map<String, ParamType> known) {
    if (param.endsWith("...")) {
      return new Segment(Kind.REST, "", names, types, null, "");
    }
    if (param.indexOf(':') < 0) {
      return new Segment(Kind.PLAIN, "", names, types, null, "");
    }
    return types.get(0).isPresent()
        ? new Segment(Kind.TYPED, "", names, types, null, "")
        : new Segment(
            Kind.REGEX, "", names, types, compile(regexOf(param, pattern, known), pattern), "");
  }

  /** Paths are compared decoded, and without their query. */
  private static String requireDecoded(String literal, String pattern) {
    if (literal.chars().anyMatch(c -> c == '%' || c == '?' || c == '#' || c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException(
          "write a path as it reads when decoded, without %, ? and #: " + pattern);
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

  private static String nameOf(String param, String pattern) {
    int colon = param.indexOf(':');
    String name = colon < 0 ? param : param.substring(0, colon);
    if (name.endsWith("...")) {
      name = name.substring(0, name.length() - 3);
    }
    if (!PARAM_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a parameter's name is made of letters, digits, _ and -, not '" + name + "': " + pattern);
    }
    return name;
  }

  private static Optional<ParamType> typeOf(String param, Map<String, ParamType> known) {
    int colon = param.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.ofNullable(known.get(param.substring(colon + 1)));
  }

  private static String regexOf(String param, String pattern, Map<String, ParamType> known) {
    int colon = param.indexOf(':');
    if (colon < 0) {
      return "[^/]+?";
    }
    String type = param.substring(colon + 1);
    ParamType named = known.get(type);
    if (named != null) {
      return named.regex();
    }
    if (type.matches("[A-Za-z]*")) {
      throw new IllegalArgumentException(
          "unknown parameter type '"
              + type
              + "': use one of "
              + known.keySet()
              + " or a regular expression such as {id:[0-9]{4}}: "
              + pattern);
    }
    if (compile(type, pattern).matcher("").groupCount() > 0) {
      throw new IllegalArgumentException(
          "write (?:...) for groups in a parameter's regular expression: " + pattern);
    }
    return type;
  }

  private static Pattern compile(String regex, String pattern) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "malformed regular expression in " + pattern + ": " + e.getDescription(), e);
    }
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
