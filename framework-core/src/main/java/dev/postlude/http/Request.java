package dev.postlude.http;

import dev.postlude.background.FinishHook;
import dev.postlude.context.Attributes;
import dev.postlude.context.Key;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received, detached from the connection: a handler may keep it, and a
 * background task may read all of it long after the response.
 *
 * <p>Immutable: what changes it makes a copy. Safe to read from any thread. Nothing here blocks but
 * {@link #multipart()} and the stream of a streaming route: any other body is in memory before the
 * handler is called.
 */
public final class Request {
  private static final byte[] NO_BODY = {};

  private final Method method;
  private final String target;
  private final String path;
  private final Headers headers;
  private final byte[] body;
  private final Arrival arrival;
  private final String route;
  private final Params params;
  private final Attributes attributes;
  private final @Nullable HttpException refusal;
  private @Nullable Params query;
  private @Nullable Multipart multipart;

  private Request(
      Method method,
      String target,
      String path,
      Headers headers,
      byte[] body,
      Arrival arrival,
      String route,
      Params params,
      Attributes attributes,
      @Nullable HttpException refusal) {
    this.method = method;
    this.target = target;
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.arrival = arrival;
    this.route = route;
    this.params = params;
    this.attributes = attributes;
    this.refusal = refusal;
  }

  /**
   * A request made by hand, for calling an app without a socket.
   *
   * @param target the path and query as they would stand on the wire, such as {@code
   *     /users/7?full=1}
   */
  public static Request of(Method method, String target) {
    if (!target.startsWith("/") && !target.equals("*")) {
      throw new IllegalArgumentException(
          "a request target starts with a slash: " + Token.quoted(target));
    }
    return received(
        Objects.requireNonNull(method, "method"),
        target,
        pathOf(target),
        Headers.empty(),
        NO_BODY,
        Arrival.byHand(),
        "",
        Params.ofPath());
  }

  /** {@code GET} of a target, made by hand. */
  public static Request get(String target) {
    return of(Method.GET, target);
  }

  /** {@code POST} to a target, made by hand; a body comes with {@link #body(byte[])}. */
  public static Request post(String target) {
    return of(Method.POST, target);
  }

  /** A request as a server received it, its route found. The array is handed over, not copied. */
  public static Request received(
      Method method,
      String target,
      String path,
      Headers headers,
      byte[] body,
      Arrival arrival,
      String route,
      Params params) {
    return new Request(
        method, target, path, headers, body, arrival, route, params, Attributes.empty(), null);
  }

  /** The part of a request target before the question mark. */
  public static String pathOf(String target) {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  public Method method() {
    return method;
  }

  /**
   * The path as received, still percent-encoded; parameters in it are decoded by {@link #param}.
   */
  public String path() {
    return path;
  }

  /** The path and the query as received. */
  public String target() {
    return target;
  }

  /** The pattern of the route that matched, such as {@code /users/{id}}; empty when none did. */
  public String route() {
    return route;
  }

  /**
   * A path parameter, decoded.
   *
   * @throws IllegalArgumentException when the route's pattern has no such parameter
   */
  public String param(String name) {
    return params.find(name).orElseThrow(() -> new IllegalArgumentException(noParam(name)));
  }

  private String noParam(String name) {
    return "the route " + route + " has no parameter {" + name + "}, only " + params.names();
  }

  /** The path parameters, for typed reading: {@code request.params().asInt("id")}. */
  public Params params() {
    return params;
  }

  /** The first value of a query parameter, decoded; throws as {@link #query()}. */
  public Optional<String> query(String name) {
    return query().find(name);
  }

  /**
   * The query parameters, for typed reading: {@code request.query().asInt("page", 1)}.
   *
   * @throws HttpException 400 when the query string is malformed
   */
  public Params query() {
    Params parsed = query;
    if (parsed == null) {
      parsed = Params.parseQuery(rawQuery());
      query = parsed;
    }
    return parsed;
  }

  /** What stands behind the question mark, still encoded; empty when nothing does. */
  public String rawQuery() {
    return path.length() == target.length() ? "" : target.substring(path.length() + 1);
  }

  /** The first value of a header field. */
  public Optional<String> header(String name) {
    return headers.find(name);
  }

  public Headers headers() {
    return headers;
  }

  /**
   * Whether the client would rather have one media type than another, by its {@code Accept}: RFC
   * 9110 section 12.5.1. False where it likes both the same, as one does that says nothing. An
   * answer that depends on it has {@code Vary: Accept}.
   *
   * @param type such as {@link MediaType#HTML}; its parameters do not matter
   */
  public boolean prefers(String type, String over) {
    Accept accept = Accept.of(headers, "Accept");
    return accept.quality(MediaType.essence(type)) > accept.quality(MediaType.essence(over));
  }

  /**
   * The value of a cookie; of several of that name the first, which browsers send for the longest
   * path.
   */
  public Optional<String> cookie(String name) {
    return cookies().find(name);
  }

  /**
   * The cookies, for typed reading: {@code request.cookies().asInt("page", 1)}. Malformed ones are
   * passed over.
   */
  public Params cookies() {
    return Params.parseCookies(headers.all("Cookie"));
  }

  /**
   * The body; empty when there is none. The array is the request's own: do not change it.
   *
   * @throws IllegalStateException when the route is a streaming one, whose body is not in memory
   */
  public byte[] bytes() {
    if (arrival.stream() != null) {
      throw new IllegalStateException(
          "the route " + route + " is streaming: read request.stream(), once, inside the handler");
    }
    return body;
  }

  /**
   * The body as a stream. On a streaming route it comes in while it is read: reading blocks, is
   * possible once and inside the handler only, and throws an {@link HttpException} 413 beyond the
   * limit and a {@link DisconnectedException} when the client leaves.
   */
  public InputStream stream() {
    InputStream stream = arrival.stream();
    return stream != null ? stream : new ByteArrayInputStream(body);
  }

  /**
   * The body as text, in the charset that its {@code Content-Type} names or else UTF-8.
   *
   * @throws HttpException 415 when the charset is unknown
   */
  public String text() {
    return content().text();
  }

  /**
   * The body, a JSON document, as a value: {@code request.json(Signup.class)}.
   *
   * @throws HttpException 415 when the {@code Content-Type} is not JSON, 400 when the document is
   *     malformed, {@code null} or does not fit
   */
  public <T> T json(Class<T> type) {
    return content().json(type);
  }

  /**
   * The body, a JSON document, as a value of a type with arguments: {@code request.json(new
   * TypeOf<List<Signup>>() {})}; throws as {@link #json(Class)}.
   */
  public <T> T json(TypeOf<T> type) {
    return content().json(type.type());
  }

  /**
   * The fields of a body of type {@code application/x-www-form-urlencoded}, percent-encoded or, as
   * some clients send it, in plain UTF-8.
   *
   * @throws HttpException 415 when the body is of another type, 400 when it is malformed, 413 when
   *     it has more fields than {@link BodyOptions#maxFields()}
   */
  public Params form() {
    return content().form();
  }

  private Content content() {
    return new Content(headers.first("Content-Type"), bytes(), arrival.options());
  }

  /**
   * The parts of a body of type {@code multipart/form-data}, files among them. Blocks while longer
   * parts are written to temporary files, of whose end {@link Multipart} tells. A second call
   * returns what the first one did; on a streaming route a copy of the request cannot read again,
   * so hand the form on as an attribute there.
   *
   * @throws HttpException 415 when the body is of another type, 400 when it is malformed, 413 when
   *     it goes beyond a limit
   * @throws UncheckedIOException when the client leaves, or a temporary file cannot be written
   */
  public Multipart multipart() {
    return multipart(arrival.options().multipart());
  }

  /**
   * The parts of a body of type {@code multipart/form-data} within other limits; throws as {@link
   * #multipart()}.
   */
  public Multipart multipart(MultipartOptions options) {
    Multipart read = multipart;
    if (read == null || !read.options().equals(options)) {
      String boundary = Multipart.boundary(header("Content-Type").orElse(""));
      try {
        read = Multipart.parse(stream(), boundary, options);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (read.hasFiles()) {
        arrival.trail().addLast(read::discard);
      }
      multipart = read;
    }
    return read;
  }

  /**
   * The name of this request in logs: the client's {@code X-Request-Id} where it is a token, else
   * made here.
   */
  public String id() {
    return arrival.trail().id(headers);
  }

  /** The peer's address; a proxy's, if there is one between. */
  public InetSocketAddress remote() {
    return arrival.remote();
  }

  /** Whether it came over TLS. */
  public boolean secure() {
    return arrival.secure();
  }

  /** When its head was complete. */
  public Instant receivedAt() {
    return Instant.ofEpochMilli(arrival.atMillis());
  }

  /**
   * What a filter left under that key.
   *
   * @throws java.util.NoSuchElementException when none did
   */
  public <T> T get(Key<T> key) {
    return attributes.get(key);
  }

  /** What a filter left under that key, if one did. */
  public <T> Optional<T> find(Key<T> key) {
    return attributes.find(key);
  }

  /**
   * A copy with an attribute, for the handlers further in and for the response's background tasks.
   */
  public <T> Request with(Key<T> key, T value) {
    Attributes more = attributes.with(key, value);
    arrival.trail().attributes(more);
    return new Request(method, target, path, headers, body, arrival, route, params, more, refusal);
  }

  /** A copy whose body is read within other limits. */
  public Request with(BodyOptions options) {
    return arrived(arrival.with(options), body);
  }

  /** A copy with one more header field, replacing any of that name. */
  public Request header(String name, String value) {
    return headed(headers.with(name, value));
  }

  /** A copy without the header fields of that name. */
  public Request withoutHeader(String name) {
    return headed(headers.without(name));
  }

  /**
   * A copy that came from another address, or otherwise than over TLS, than this server can see:
   * what a trusted proxy says of it.
   */
  public Request from(InetSocketAddress remote, boolean secure) {
    return arrived(arrival.from(remote, secure), body);
  }

  /** A copy with another body, in memory. The array is handed over, not copied. */
  public Request body(byte[] bytes) {
    return arrived(arrival.inMemory(), bytes);
  }

  /** A copy with a JSON body and its {@code Content-Type}. */
  public Request json(Object value) {
    return header("Content-Type", MediaType.JSON).body(Json.write(value));
  }

  /** A copy that knows its route, made where the route was found. */
  public Request routed(String route, Params params) {
    return new Request(
        method, target, path, headers, body, arrival, route, params, attributes, refusal);
  }

  /**
   * A copy that is to be refused inside its filters instead of being handled, so that the refusal
   * is seen by them, mapped to a response and hooked like any other error: a body over the limit,
   * say.
   */
  public Request refused(HttpException refusal) {
    return new Request(
        method, target, path, headers, body, arrival, route, params, attributes, refusal);
  }

  /** Why it is to be refused, if it is. */
  public Optional<HttpException> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * Registers what is to be done once when this request is over, whatever became of it: answered,
   * failed, disconnected. Hooks run on a background worker, the last registered first, before the
   * response's tasks.
   *
   * @throws IllegalStateException when it is over already
   */
  public void onFinish(FinishHook hook) {
    arrival.trail().add(Objects.requireNonNull(hook, "hook"));
  }

  private Request headed(Headers headers) {
    return new Request(
        method, target, path, headers, body, arrival, route, params, attributes, refusal);
  }

  private Request arrived(Arrival arrival, byte[] body) {
    return new Request(
        method, target, path, headers, body, arrival, route, params, attributes, refusal);
  }

  @Override
  public String toString() {
    return method + " " + Token.quoted(target);
  }
}
