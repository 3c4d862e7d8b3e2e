package dev.postlude.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Named values that a client sent, read as the types that a handler wants: path, query or form
 * parameters, cookies. A value that is missing or does not parse is a 400 that names the parameter.
 *
 * <p>Immutable; names are case-sensitive.
 */
public final class Params {
  private static final String[] NONE = {};
  private static final Params EMPTY_PATH = new Params("path parameter", NONE);
  private static final Params EMPTY_QUERY = new Params("query parameter", NONE);
  private static final Params EMPTY_COOKIES = new Params("cookie", NONE);

  private final String kind;
  private final String[] pairs;

  private Params(String kind, String[] pairs) {
    this.kind = kind;
    this.pairs = pairs;
  }

  /** Path parameters given as name, value, name, value, already decoded. */
  public static Params ofPath(String... namesAndValues) {
    return namesAndValues.length == 0
        ? EMPTY_PATH
        : new Params("path parameter", namesAndValues.clone());
  }

  /**
   * The parameters of a query string, in their order: {@code a=1&b=2}, a plus standing for a space.
   *
   * @throws HttpException 400 when the percent-encoding is malformed
   */
  public static Params parseQuery(String query) {
    return query.isEmpty() ? EMPTY_QUERY : new Params("query parameter", parse(query));
  }

  /**
   * The fields of a body of type {@code application/x-www-form-urlencoded}.
   *
   * @throws HttpException 400 when the percent-encoding is malformed, 413 when there are more than
   *     256
   */
  public static Params parseForm(String form) {
    return parseForm(form, BodyOptions.defaults().maxFields());
  }

  /** The fields of a form that has so many at most. */
  static Params parseForm(String form, int maxFields) {
    if (form.chars().filter(c -> c == '&').count() >= maxFields) {
      throw new HttpException(413, "the form has more than " + maxFields + " fields");
    }
    return new Params("form field", parse(form));
  }

  /**
   * The cookies of {@code Cookie} fields, in their order, as they are: nothing is decoded, and
   * quotes around a value are dropped. What has no name or no equals sign is passed over: RFC 6265
   * section 5.4.
   */
  public static Params parseCookies(List<String> fields) {
    if (fields.isEmpty()) {
      return EMPTY_COOKIES;
    }
    List<String> pairs = new ArrayList<>();
    for (String field : fields) {
      for (String pair : field.split(";", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip();
        if (!name.isEmpty()) {
          String value = pair.substring(equals + 1).strip();
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          pairs.add(name);
          pairs.add(quoted ? value.substring(1, value.length() - 1) : value);
        }
      }
    }
    return new Params("cookie", pairs.toArray(NONE));
  }

  private static String[] parse(String text) {
    List<String> pairs = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int ampersand = text.indexOf('&', from);
      int to = ampersand < 0 ? text.length() : ampersand;
      if (to > from) {
        int equals = text.indexOf('=', from);
        int nameEnd = equals < 0 || equals > to ? to : equals;
        pairs.add(PercentEncoding.decodeForm(text.substring(from, nameEnd)));
        pairs.add(PercentEncoding.decodeForm(text.substring(Math.min(nameEnd + 1, to), to)));
      }
      from = to + 1;
    }
    return pairs.toArray(NONE);
  }

  /** Form fields given as name, value, name, value, already decoded. */
  static Params ofForm(String... namesAndValues) {
    return new Params("form field", namesAndValues);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return pairs.length == 0;
  }

  /** The names, each once, in order. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < pairs.length; i += 2) {
      names.add(pairs[i]);
    }
    return names;
  }

  /** The first value of that name. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(first(name));
  }

  /**
   * The first value of that name.
   *
   * @throws HttpException 400 when there is none
   */
  public String get(String name) {
    String value = first(name);
    if (value == null) {
      throw new HttpException(400, kind + " '" + name + "' is missing");
    }
    return value;
  }

  /** Every value of that name, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        values.add(pairs[i + 1]);
      }
    }
    return values;
  }

  /**
   * The value as what a parser makes of it: {@code params.as("id", UUID::fromString)}.
   *
   * @param parser throws a {@link RuntimeException} for what it does not take
   * @throws HttpException 400 when the value is missing or refused by the parser
   */
  public <T> T as(String name, Function<String, T> parser) {
    return parse(name, get(name), parser, "is not valid");
  }

  /**
   * The value as what a parser makes of it, or the fallback when there is none.
   *
   * @throws HttpException 400 when there is a value and the parser refuses it
   */
  public <T> T as(String name, Function<String, T> parser, T fallback) {
    String value = first(name);
    return value == null ? fallback : parse(name, value, parser, "is not valid");
  }

  /**
   * A whole number of 32 bits.
   *
   * @throws HttpException 400 when it is missing or none
   */
  public int asInt(String name) {
    return parse(name, get(name), Integer::valueOf, "is not a whole number of 32 bits");
  }

  /**
   * A whole number of 32 bits, or the fallback when there is no value.
   *
   * @throws HttpException 400 when there is a value that is none
   */
  public int asInt(String name, int fallback) {
    return first(name) == null ? fallback : asInt(name);
  }

  /**
   * A whole number of 64 bits.
   *
   * @throws HttpException 400 when it is missing or none
   */
  public long asLong(String name) {
    return parse(name, get(name), Long::valueOf, "is not a whole number of 64 bits");
  }

  /**
   * A whole number of 64 bits, or the fallback when there is no value.
   *
   * @throws HttpException 400 when there is a value that is none
   */
  public long asLong(String name, long fallback) {
    return first(name) == null ? fallback : asLong(name);
  }

  /**
   * True for {@code true}, {@code 1}, {@code on}, {@code yes} and the empty value of {@code ?flag};
   * false for {@code false}, {@code 0}, {@code off}, {@code no} and when there is no value.
   *
   * @throws HttpException 400 for any other value
   */
  public boolean asBoolean(String name) {
    String value = first(name);
    return value != null && parse(name, value, Params::parseBoolean, "is neither true nor false");
  }

  private static Boolean parseBoolean(String value) {
    return switch (value) {
      case "true", "1", "on", "yes", "" -> true;
      case "false", "0", "off", "no" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private <T> T parse(String name, String value, Function<String, T> parser, String complaint) {
    try {
      return parser.apply(value);
    } catch (HttpException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new HttpException(
              400, kind + " '" + name + "' " + complaint + ": " + Token.quoted(value))
          .causedBy(e);
    }
  }

  private @Nullable String first(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Params params && Arrays.equals(params.pairs, pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  @Override
  public String toString() {
    return kind + "s " + Arrays.toString(pairs);
  }
}
