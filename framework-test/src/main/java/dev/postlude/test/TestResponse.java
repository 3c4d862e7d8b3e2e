package dev.postlude.test;

import dev.postlude.http.Headers;
import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.http.TypeOf;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A response as a test received it: all of it, in memory. */
public final class TestResponse {
  private static final int SHOWN = 500;

  private final int status;
  private final Headers headers;
  private final byte[] body;
  private final Supplier<List<TestTask>> tasks;

  TestResponse(int status, Headers headers, byte[] body, Supplier<List<TestTask>> tasks) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.tasks = tasks;
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /** Returns the header fields; those of one name in the order in which they were received. */
  public Headers headers() {
    return headers;
  }

  /** Returns the first value of a header field. */
  public Optional<String> header(String name) {
    return headers.find(name);
  }

  /** Returns the body, as it came over the wire. The array is the response's own. */
  public byte[] bytes() {
    return body;
  }

  /** Returns the body as text, in the charset that its {@code Content-Type} names, or in UTF-8. */
  public String text() {
    return new String(body, charset());
  }

  /**
   * Returns the body, a JSON document, as a value: {@code response.json(Account.class)}.
   *
   * @throws AssertionError if it is not JSON, is {@code null}, or does not fit the type; the
   *     message shows status and body
   */
  public <T> T json(Class<T> type) {
    return json((Type) type);
  }

  /**
   * Returns the body, a JSON document, as a value of a type with arguments: {@code
   * response.json(new TypeOf<List<Account>>() {})}.
   *
   * @throws AssertionError as {@link #json(Class)} does
   */
  public <T> T json(TypeOf<T> type) {
    return json(type.type());
  }

  /**
   * Returns the body, a JSON document, as a value of a type that reflection has found.
   *
   * @throws AssertionError as {@link #json(Class)} does
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the caller's type, as the argument says
  public <T> T json(Type type) {
    try {
      T value = Json.read(body, type);
      if (value != null) {
        return value;
      }
    } catch (HttpException malformed) {
      throw new AssertionError(unfit(type, malformed.detail()), malformed);
    }
    throw new AssertionError(unfit(type, "it is null"));
  }

  private String unfit(Type type, String complaint) {
    return "This response does not hold a " + type.getTypeName() + ": " + complaint + "\n" + this;
  }

  /**
   * Returns what became of the background tasks of the request so far, in the order in which they
   * were attached. When the call has waited for them, that is what became of them for good.
   */
  public List<TestTask> tasks() {
    return tasks.get();
  }

  /**
   * Returns what became of the first task of that name.
   *
   * @throws AssertionError if there is none; names those that there are
   */
  public TestTask task(String name) {
    List<TestTask> all = tasks();
    return all.stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "The response has no background task \"" + name + "\", but these: " + all));
  }

  private Charset charset() {
    String type = header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    int at = type.indexOf("charset=");
    if (at < 0) {
      return StandardCharsets.UTF_8;
    }
    String name =
        type.substring(at + "charset=".length()).split(";", 2)[0].replace("\"", "").strip();
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      throw new AssertionError(
          "This response is in a charset that Java does not know: " + type, unknown);
    }
  }

  /** The response for people to read: status, headers, and the beginning of the body. */
  @Override
  public String toString() {
    String text = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8);
    return status + "\n" + headers + "\n" + text + (body.length > SHOWN ? "..." : "");
  }
}
