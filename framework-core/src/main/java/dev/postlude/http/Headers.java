package dev.postlude.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order they were received or added. Names compare without regard to case (RFC
 * 9110 section 5.1); values hold no control character but tab, which is checked where they are set.
 *
 * <p>Immutable. Look-ups walk the fields, of which a request has at most a hundred.
 */
public final class Headers {
  private static final Headers EMPTY = new Headers(new String[0]);

  private final @Nullable Text text;
  private volatile String @Nullable [] fields;

  // Made when asked for again: headers of one response only are not worth it. Whoever comes second
  // makes the same bytes again.
  private boolean asked;
  private volatile byte @Nullable [] lines;

  private Headers(String[] fields) {
    this.text = null;
    this.fields = fields;
  }

  private Headers(Text text) {
    this.text = text;
  }

  /**
   * Fields as they came in, one byte a character.
   *
   * @param bounds for each field where its name begins and ends, and its value
   */
  private record Text(byte[] bytes, int[] bounds) {
    String[] fields() {
      String[] fields = new String[bounds.length / 2];
      for (int i = 0; i < fields.length; i++) {
        int from = bounds[2 * i];
        fields[i] = new String(bytes, from, bounds[2 * i + 1] - from, StandardCharsets.ISO_8859_1);
      }
      return fields;
    }
  }

  /** No fields. */
  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Fields given as name, value, name, value.
   *
   * @throws IllegalArgumentException for an odd number of strings, a name that is no token, a value
   *     with control characters
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "headers are given in pairs, name then value; got " + namesAndValues.length + " strings");
    }
    String[] fields = namesAndValues.clone();
    for (int i = 0; i < fields.length; i += 2) {
      Token.require(fields[i], "header name");
      Token.requireFieldValue(fields[i], fields[i + 1]);
    }
    return new Headers(fields);
  }

  /**
   * Fields as a server received and checked them: strings are made of them when somebody looks at
   * them first.
   *
   * @param text holds the fields, one byte a character; not to be changed afterwards
   * @param bounds for each field where its name begins and ends in the text, and where its value
   *     does; not to be changed afterwards
   */
  public static Headers received(byte[] text, int[] bounds) {
    return new Headers(new Text(text, bounds));
  }

  private String[] fields() {
    String[] present = fields;
    if (present == null) {
      present = Objects.requireNonNull(text).fields(); // whoever comes second makes the same
      fields = present;
    }
    return present;
  }

  /** The number of fields; a name that stands twice counts twice. */
  public int size() {
    return fields().length / 2;
  }

  /** The name of the field at an index below {@link #size()}, spelt as it was given. */
  public String name(int index) {
    return fields()[2 * index];
  }

  /** The value of the field at an index below {@link #size()}. */
  public String value(int index) {
    return fields()[2 * index + 1];
  }

  /** The first value of a field. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(first(name));
  }

  /** The first value of a field, or {@code null}. */
  @Nullable String first(String name) {
    int at = indexOf(name, 0);
    return at < 0 ? null : fields()[at + 1];
  }

  /** Every value of a field, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 2)) {
      values.add(fields()[at + 1]);
    }
    return values;
  }

  /** Whether there is a field of that name. */
  public boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  /**
   * Whether a comma-separated list field names this element, without regard to case, as in {@code
   * Connection: close}.
   */
  public boolean lists(String name, String element) {
    for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 2)) {
      String value = fields()[at + 1];
      if (value.equalsIgnoreCase(element)) {
        return true;
      }
      for (int from = 0; from <= value.length(); ) {
        int comma = value.indexOf(',', from);
        int to = comma < 0 ? value.length() : comma;
        if (value.substring(from, to).strip().equalsIgnoreCase(element)) {
          return true;
        }
        from = to + 1;
      }
    }
    return false;
  }

  /** A copy in which this is the only field of that name. */
  public Headers with(String name, String value) {
    return contains(name) ? without(name).and(name, value) : and(name, value);
  }

  /** A copy with one more field, whatever there is of that name already. */
  public Headers and(String name, String value) {
    Token.require(name, "header name");
    Token.requireFieldValue(name, value);
    String[] present = fields();
    String[] copy = Arrays.copyOf(present, present.length + 2);
    copy[present.length] = name;
    copy[present.length + 1] = value;
    return new Headers(copy);
  }

  /** A copy without the fields of that name. */
  public Headers without(String name) {
    if (!contains(name)) {
      return this;
    }
    List<String> kept = new ArrayList<>(fields().length);
    forEach(
        (each, value) -> {
          if (!each.equalsIgnoreCase(name)) {
            kept.add(each);
            kept.add(value);
          }
        });
    return new Headers(kept.toArray(String[]::new));
  }

  /** Calls for each field in order. */
  public void forEach(BiConsumer<String, String> action) {
    String[] each = fields();
    for (int i = 0; i < each.length; i += 2) {
      action.accept(each[i], each[i + 1]);
    }
  }

  /**
   * The field lines as HTTP/1.1 writes them, each with its line end, if these headers are ones that
   * are written again and again, such as those of a constant response; else {@code null}, and so if
   * there is {@code Connection} among them, which is the server's to write. For servers. Not to be
   * changed.
   */
  public byte @Nullable [] lines() {
    byte[] present = lines;
    if (present == null && asked && !contains("Connection")) {
      StringBuilder text = new StringBuilder();
      forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
      present = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      lines = present;
    }
    asked = true;
    return present;
  }

  private int indexOf(String name, int from) {
    String[] each = fields();
    for (int i = from; i < each.length; i += 2) {
      if (each[i].equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers headers && Arrays.equals(headers.fields(), fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  /** The fields as they stand on the wire, for people to read. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
