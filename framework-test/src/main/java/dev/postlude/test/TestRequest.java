package dev.postlude.test;

import dev.postlude.http.Headers;
import dev.postlude.http.Json;
import dev.postlude.http.MediaType;
import dev.postlude.http.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that a test is about to send. Immutable: every change is a copy; {@link #send} may be
 * called more than once.
 */
public final class TestRequest {
  private final PlainHttp sender;
  private final Method method;
  private final String target;
  private final Headers headers;
  private final byte @Nullable [] body;

  TestRequest(
      PlainHttp sender, Method method, String target, Headers headers, byte @Nullable [] body) {
    this.sender = sender;
    this.method = Objects.requireNonNull(method, "A request needs a method.");
    this.target = Objects.requireNonNull(target, "A request needs a path, if only \"/\".");
    this.headers = headers;
    this.body = body;
    if (!target.startsWith("/") || target.contains("#")) {
      throw new IllegalArgumentException(
          "A path begins with a slash, since the client knows the host itself, and has no fragment: "
              + target);
    }
  }

  /**
   * Returns a copy in which this is the only header field of that name.
   *
   * @throws IllegalArgumentException if the name is no token, or the value has control characters
   */
  public TestRequest header(String name, String value) {
    return new TestRequest(sender, method, target, headers.with(name, value), body);
  }

  /** Returns a copy with one more header field, whatever there is of that name already. */
  public TestRequest addHeader(String name, String value) {
    return new TestRequest(sender, method, target, headers.and(name, value), body);
  }

  /** Returns a copy with these bytes as its body. They are not copied. */
  public TestRequest body(byte[] bytes) {
    Objects.requireNonNull(bytes, "body() needs bytes; for none leave it out.");
    return new TestRequest(sender, method, target, headers, bytes);
  }

  /**
   * Returns a copy with this text as its body, in UTF-8. It is {@code text/plain} unless a header
   * says otherwise.
   */
  public TestRequest body(String text) {
    Objects.requireNonNull(text, "body() needs text; for none leave it out.");
    return typed(MediaType.TEXT).body(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns a copy with this value as its body, written as JSON. It is {@code application/json}
   * unless a header says otherwise.
   *
   * @throws IllegalArgumentException if the value cannot be written as JSON
   */
  public TestRequest json(@Nullable Object value) {
    return typed(MediaType.JSON).body(Json.write(value));
  }

  /**
   * Returns a copy with a body of whatever kind this is, as {@link TestClient#post(String, Object)}
   * takes it.
   */
  TestRequest content(Object body) {
    Objects.requireNonNull(body, "The body is null; for JSON's null say request(..).json(null).");
    if (body instanceof byte[] bytes) {
      return body(bytes);
    }
    return body instanceof String text ? body(text) : json(body);
  }

  /**
   * Returns a copy whose body is a form with these fields: {@code form("name", "Ann", "age", "7")}.
   * It is {@code application/x-www-form-urlencoded} unless a header says otherwise.
   *
   * @throws IllegalArgumentException if a name has no value
   */
  public TestRequest form(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "form() takes a name and a value in turn, and this is an odd number of them: "
              + List.of(namesAndValues));
    }
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i++) {
      fields.append(i == 0 ? "" : i % 2 == 0 ? "&" : "=");
      fields.append(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8));
    }
    return typed("application/x-www-form-urlencoded")
        .body(fields.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Returns a copy whose body is a form with files: {@code multipart(TestPart.field("title",
   * "Tea"), TestPart.file("photo", "tea.jpg", "image/jpeg", bytes))}.
   */
  public TestRequest multipart(TestPart... parts) {
    String boundary = "postlude-" + UUID.randomUUID();
    return header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .body(TestPart.form(boundary, parts));
  }

  private TestRequest typed(String mediaType) {
    return headers.contains("Content-Type") ? this : header("Content-Type", mediaType);
  }

  /**
   * Sends it, and returns when it has been answered and its background tasks have ended, as its
   * client promises: see {@link TestClient}.
   *
   * @throws AssertionError if a task failed, or there is no response or no end of tasks in time
   * @throws java.io.UncheckedIOException if the connection broke
   */
  public TestResponse send() {
    return sender.send(this);
  }

  /**
   * Sends it, and returns when a stream of server-sent events has begun.
   *
   * @throws AssertionError if something else is answered, or nothing in time
   */
  public TestEvents events() {
    return sender.events(this);
  }

  /**
   * Opens a WebSocket, which is {@code GET} whatever was said.
   *
   * @param subprotocols what the client would speak, the best first
   * @throws AssertionError if it is refused, or not answered in time
   */
  public TestWebSocket webSocket(String... subprotocols) {
    return sender.webSocket(this, subprotocols);
  }

  Method method() {
    return method;
  }

  String target() {
    return target;
  }

  Headers headers() {
    return headers;
  }

  byte @Nullable [] body() {
    return body;
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
