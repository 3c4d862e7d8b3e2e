package dev.postlude.routing;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a typed parameter such as {@code {id:int}} takes. A value that does not fit means that the
 * route does not match.
 *
 * @param rank smaller for the narrower: where two patterns differ in this only, it is tried first
 * @param regex the expression for values inside a larger segment
 */
record ParamType(String name, int rank, String regex, Predicate<String> accepts) {
  private static final int OWN_RANK = 900;

  private static final Map<String, ParamType> BUILT_IN = new LinkedHashMap<>();

  static {
    List.of(
            of("int", 1, "-?[0-9]{1,10}", Integer::parseInt),
            of("long", 2, "-?[0-9]{1,19}", Long::parseLong),
            of("uuid", 3, "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value -> {}),
            of("date", 4, "[0-9]{4}-[0-9]{2}-[0-9]{2}", LocalDate::parse),
            of("slug", 5, "[a-z0-9]+(?:-[a-z0-9]+)*", value -> {}))
        .forEach(type -> BUILT_IN.put(type.name, type));
  }

  /** Throws for what it does not take. */
  private interface Parser {
    void parse(String value);
  }

  private static ParamType of(String name, int rank, String regex, Parser parser) {
    Pattern shape = Pattern.compile(regex);
    return new ParamType(
        name, rank, regex, value -> shape.matcher(value).matches() && parses(parser, value));
  }

  private static boolean parses(Parser parser, String value) {
    try {
      parser.parse(value);
      return true;
    } catch (NumberFormatException | DateTimeParseException e) {
      return false;
    }
  }

  /** The types that every app has, by name. */
  static Map<String, ParamType> builtIn() {
    return BUILT_IN;
  }

  /** A type of an app's own. */
  static ParamType own(String name, Predicate<String> accepts) {
    return new ParamType(name, OWN_RANK, "[^/]+?", accepts);
  }
}
