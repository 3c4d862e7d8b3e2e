package dev.postlude.http;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON to values and back: records, collections, {@code java.time}. The only file that knows
 * Jackson.
 *
 * <p>Reading is bounded by {@link JsonOptions}. Properties that a type does not have are ignored,
 * so that clients may be newer than servers.
 */
public final class Json {
  /** More are not listed to a client that has sent another one. */
  private static final int MAX_CONSTANTS = 20;

  private static final Map<Class<?>, String> KINDS =
      Map.ofEntries(
          Map.entry(boolean.class, "true or false"),
          Map.entry(Boolean.class, "true or false"),
          Map.entry(int.class, "a whole number of 32 bits"),
          Map.entry(Integer.class, "a whole number of 32 bits"),
          Map.entry(long.class, "a whole number of 64 bits"),
          Map.entry(Long.class, "a whole number of 64 bits"),
          Map.entry(double.class, "a number"),
          Map.entry(Double.class, "a number"),
          Map.entry(BigDecimal.class, "a number"),
          Map.entry(String.class, "text"),
          Map.entry(UUID.class, "a UUID"),
          Map.entry(LocalDate.class, "a date such as 2026-01-31"),
          Map.entry(Instant.class, "a time such as 2026-01-31T12:00:00Z"));

  private Json() {}

  private static JsonMapper mapperFor(JsonOptions options) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(options.maxDepth())
                        .maxNameLength(options.maxName())
                        .maxNumberLength(options.maxNumber())
                        .maxTokenCount(options.maxTokens())
                        .maxStringLength(Integer.MAX_VALUE) // up to the limit on the body
                        .build())
                .build())
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, !options.trailing())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT) // 1.5 would be read as 1
        .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS) // an object with no property would be {}
        .build();
  }

  /** The mapper with default limits, made when it is first asked for. */
  private static final class Default {
    static final JsonMapper MAPPER = mapperFor(JsonOptions.defaults());
  }

  /** Reads documents within limits. Safe for any thread. */
  static final class Reader {
    static final Reader DEFAULT = new Reader(() -> Default.MAPPER);

    /** More types than a program is written with; beyond, readers are made and forgotten. */
    private static final int MAX_TYPES = 1_000;

    // Jackson is some five hundred classes, which a server without JSON need not load to start.
    private final Supplier<JsonMapper> makes;
    private volatile @Nullable JsonMapper mapper;
    private final Map<Type, ObjectReader> byType = new ConcurrentHashMap<>();

    private Reader(Supplier<JsonMapper> makes) {
      this.makes = makes;
    }

    Reader(JsonOptions options) {
      this(() -> mapperFor(options));
    }

    private JsonMapper mapper() {
      JsonMapper present = mapper;
      if (present == null) {
        present = makes.get(); // whoever comes second makes the same
        mapper = present;
      }
      return present;
    }

    /** Reads a document, as {@link Json#read(byte[], Type)} does. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the caller's type, as the argument says
    <T> @Nullable T read(byte[] document, Type type) {
      if (document.length == 0) {
        throw new HttpException(400, "the JSON body is empty");
      }
      try {
        return reader(type).readValue(document);
      } catch (InvalidDefinitionException e) {
        throw new IllegalArgumentException("cannot read JSON as " + type.getTypeName(), e);
      } catch (JacksonException e) {
        if (e.getCause() instanceof HttpException refusal) {
          throw refusal; // the type has looked at its values itself
        }
        throw new HttpException(400, complaint(e)).causedBy(e);
      }
    }

    private ObjectReader reader(Type type) {
      ObjectReader present = byType.get(type);
      if (present == null) {
        present = mapper().readerFor(mapper().constructType(type));
        if (byType.size() < MAX_TYPES) {
          byType.put(type, present);
        }
      }
      return present;
    }
  }

  /**
   * Reads a document within the limits of {@link JsonOptions#defaults()}.
   *
   * @return the value, or {@code null} for the document {@code null}
   * @throws HttpException 400 when it is not JSON or does not fit the type; the detail says where.
   *     Whatever the constructor of a type throws as {@code HttpException} is thrown as it is
   * @throws IllegalArgumentException when no document could become that type
   */
  public static <T> @Nullable T read(byte[] document, TypeOf<T> type) {
    return Json.<T>read(document, type.type());
  }

  /**
   * Reads a document within the limits of {@link JsonOptions#defaults()}.
   *
   * @return the value, or {@code null} for the document {@code null}
   * @throws HttpException 400 when it is not JSON or does not fit the type; the detail says where
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the caller's type, as the argument says
  public static <T> @Nullable T read(byte[] document, Type type) {
    return Reader.DEFAULT.read(document, type);
  }

  /**
   * Reads a document that came as text, such as a WebSocket's message, within the limits of {@link
   * JsonOptions#defaults()}.
   *
   * @return the value, or {@code null} for the document {@code null}
   * @throws HttpException 400 when it is not JSON or does not fit the type; the detail says where
   * @throws IllegalArgumentException when no document could become that type
   */
  public static <T> @Nullable T read(String document, Class<T> type) {
    return Json.<T>read(document.getBytes(StandardCharsets.UTF_8), type);
  }

  /**
   * Writes a value as UTF-8.
   *
   * @throws IllegalArgumentException when the value's type cannot be written
   */
  public static byte[] write(@Nullable Object value) {
    try {
      return Default.MAPPER.writeValueAsBytes(value);
    } catch (InvalidDefinitionException e) {
      JavaType unfit = e.getType();
      throw new IllegalArgumentException(
          "cannot write "
              + (unfit == null ? "this" : unfit.toCanonical())
              + " as JSON: make it a record, or give it getters or public fields",
          e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "cannot write " + (value == null ? "null" : value.getClass().getName()) + " as JSON", e);
    }
  }

  /**
   * Writes a value as text, such as an event's data or a WebSocket's message; on one line.
   *
   * @throws IllegalArgumentException when the value's type cannot be written
   */
  public static String text(@Nullable Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /**
   * A sentence for the client: the place, and never a class name or a piece of Jackson's own
   * message.
   */
  private static String complaint(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String where =
        at == null || at.getLineNr() < 1
            ? ""
            : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    boolean unfit = e instanceof DatabindException || e instanceof InputCoercionException;
    if (!unfit) {
      return "the body is not valid JSON" + where;
    }
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() != null
                        ? "." + step.getPropertyName()
                        : "[" + step.getIndex() + "]")
            .collect(Collectors.joining());
    if (path.startsWith(".")) {
      path = path.substring(1);
    }
    return "the JSON body does not fit"
        + (path.isEmpty() ? "" : " at " + Token.quoted(path))
        + where
        + (e instanceof MismatchedInputException mismatch ? wanted(mismatch.getTargetType()) : "");
  }

  /** What to send instead, where that can be said in the words of JSON. */
  private static String wanted(@Nullable Class<?> type) {
    if (type == null) {
      return "";
    }
    Object[] constants = type.getEnumConstants();
    String wanted = constants == null ? KINDS.get(type) : among(constants);
    if (wanted == null && (type.isArray() || Collection.class.isAssignableFrom(type))) {
      wanted = "an array";
    }
    if (wanted == null && (type.isRecord() || Map.class.isAssignableFrom(type))) {
      wanted = "an object";
    }
    return wanted == null ? "" : ": send " + wanted;
  }

  private static @Nullable String among(Object[] constants) {
    return constants.length > MAX_CONSTANTS
        ? null
        : Stream.of(constants)
            .map(Json::text)
            .collect(Collectors.joining(", ", constants.length == 1 ? "" : "one of ", ""));
  }
}
