package dev.postlude.http;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers: a status, headers, content, and the background tasks to run afterwards.
 *
 * <p>Immutable: every change is a copy, so that one response may be shared by many requests. The
 * tasks are released when the last byte of the response has been handed to the kernel, or when that
 * turned out to be impossible; they run on a background worker and are gone with the process if it
 * dies before.
 *
 * <p>The server writes {@code Content-Length}, {@code Transfer-Encoding} and {@code Date} itself.
 */
public final class Response {
  private static final Headers TEXT = Headers.of("Content-Type", MediaType.TEXT);
  private static final Headers HTML = Headers.of("Content-Type", MediaType.HTML);
  private static final Headers JSON = Headers.of("Content-Type", MediaType.JSON);
  private static final Headers EVENTS =
      Headers.of(
          "Content-Type", "text/event-stream",
          "Cache-Control", "no-store",
          "X-Accel-Buffering", "no");
  private static final Response NO_CONTENT =
      new Response(204, Headers.empty(), Body.EMPTY, Tasks.none(), null);

  private final int status;
  private final Headers headers;
  private final Body body;
  private final Tasks tasks;
  private final @Nullable CompletionStage<Response> pending;

  private Response(
      int status,
      Headers headers,
      Body body,
      Tasks tasks,
      @Nullable CompletionStage<Response> pending) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.tasks = tasks;
    this.pending = pending;
  }

  /**
   * A response without content.
   *
   * @param status 200 to 599
   */
  public static Response of(int status) {
    return of(status, Headers.empty(), Body.EMPTY);
  }

  private static Response of(int status, Headers headers, Body body) {
    return new Response(requireStatus(status), headers, body, Tasks.none(), null);
  }

  /** 200 with text, in UTF-8. */
  public static Response text(String text) {
    return text(200, text);
  }

  /** Text in UTF-8. */
  public static Response text(int status, String text) {
    Objects.requireNonNull(
        text, "a response's text may not be null; for none say Response.noContent()");
    return of(status, TEXT, new Body.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** 200 with an HTML page, in UTF-8. */
  public static Response html(String page) {
    return html(200, page);
  }

  /** An HTML page in UTF-8. */
  public static Response html(int status, String page) {
    Objects.requireNonNull(
        page, "a response's page may not be null; for none say Response.noContent()");
    return of(status, HTML, new Body.Bytes(page.getBytes(StandardCharsets.UTF_8)));
  }

  /** 200 with a value as JSON: a record, a map, a list, a number ... */
  public static Response json(@Nullable Object value) {
    return json(200, value);
  }

  /**
   * A value as JSON.
   *
   * @throws IllegalArgumentException when the value's type cannot be written as JSON
   */
  public static Response json(int status, @Nullable Object value) {
    return of(status, JSON, new Body.Bytes(Json.write(value)));
  }

  /**
   * 200 with bytes of a media type. The array is handed over, not copied: do not change it
   * afterwards.
   */
  public static Response bytes(String contentType, byte[] bytes) {
    return bytes(200, contentType, bytes);
  }

  /** Bytes of a media type. The array is handed over, not copied: do not change it afterwards. */
  public static Response bytes(int status, String contentType, byte[] bytes) {
    return of(status, Headers.of("Content-Type", contentType), new Body.Bytes(bytes));
  }

  /**
   * 200 with content that is made while it is being written, of a length that nobody knows
   * beforehand: {@code stream("text/csv", out -> ...)}. A slow client makes the writer wait;
   * nothing piles up in memory.
   */
  public static Response stream(String contentType, Body.Writer writer) {
    return of(200, Headers.of("Content-Type", contentType), new Body.Stream(writer));
  }

  /**
   * 200 with server-sent events, and a comment every 15 seconds in which there is none. When the
   * client leaves or the server stops, the source is interrupted: {@link EventStream}. {@code
   * X-Accel-Buffering: no} has nginx pass on each event, and a slow client's slowness.
   */
  public static Response events(EventStream.Source source) {
    return of(200, EVENTS, EventStream.of(source));
  }

  /**
   * 101: a WebSocket. The tasks of this response run when the socket has been closed; a response of
   * another status made of this one by {@link #status(int)}, in a filter say, opens none.
   */
  public static Response webSocket(WebSocketHandshake handshake, WebSocketListener listener) {
    return new Response(
        101, handshake.answer(), new Body.WebSocket(listener, handshake), Tasks.none(), null);
  }

  /**
   * 302 to another place, which the client fetches with {@code GET} unless it was asked by {@code
   * HEAD}. What may not stand in a URI is percent-encoded.
   */
  public static Response redirect(String location) {
    return redirect(302, location);
  }

  /**
   * A redirect. What may not stand in a URI is percent-encoded.
   *
   * @param status 300 to 399: 301, 302, 303, 307 or 308 as a rule
   */
  public static Response redirect(int status, String location) {
    if (status < 300 || status > 399) {
      throw new IllegalArgumentException(
          "a redirect has a status from 300 to 399, not " + status + "; use of(status) for others");
    }
    return of(status).header("Location", reference(location));
  }

  /** 201 with the place of what was made. What may not stand in a URI is percent-encoded. */
  public static Response created(String location) {
    return of(201).header("Location", reference(location));
  }

  private static String reference(String location) {
    Objects.requireNonNull(location, "a Location is a path or a URI, not null");
    return PercentEncoding.encodeReference(location);
  }

  /** 202: taken, to be done later. */
  public static Response accepted() {
    return of(202);
  }

  /**
   * 202: taken, and done by a background task that the client may ask for. Where the app says
   * {@code routes.taskStatus("/tasks")} the response gets a {@code Location}, which tells how far
   * the task is. For a task of a queue the app says {@code routes.taskStatus("/tasks", queue)}.
   */
  public static Response accepted(BackgroundTask task) {
    return new Response(202, Headers.empty(), Body.EMPTY, Tasks.none().andTracked(task), null);
  }

  /** 204. */
  public static Response noContent() {
    return NO_CONTENT;
  }

  /** An error as a problem document: RFC 9457. */
  public static Response problem(int status, String detail) {
    return problem(Problem.of(status, detail));
  }

  /** An error as a problem document: RFC 9457. */
  public static Response problem(Problem problem) {
    return bytes(problem.status(), MediaType.PROBLEM, Json.write(problem.members()));
  }

  /** An error as a problem document or, to a client that would rather have it, as text. */
  public static Response problem(Problem problem, Accept accept) {
    Response response =
        accept.prefersText() ? text(problem.status(), problem.text()) : problem(problem);
    return response.header("Vary", "Accept");
  }

  /** The response that an exception stands for: a problem document with the exception's headers. */
  public static Response problem(HttpException error) {
    return problem(error, problem(error.problem()));
  }

  /**
   * The response that an exception stands for, as a problem document or, to a client that would
   * rather have it, as text.
   */
  public static Response problem(HttpException error, Accept accept) {
    return problem(error, problem(error.problem(), accept));
  }

  private static Response problem(HttpException error, Response document) {
    Response response = document;
    Headers headers = error.headers();
    for (int i = 0; i < headers.size(); i++) {
      response = response.addHeader(headers.name(i), headers.value(i));
    }
    return response.background(error.tasks());
  }

  /**
   * An answer that will be there later. The handler's thread is free at once; the response is
   * written when the stage completes, and an exceptional completion is mapped like an exception of
   * the handler. Status, headers and content cannot be read from it, but what is said of it ({@link
   * #header}, {@link #background} ...) is said of the answer to come.
   */
  public static Response async(CompletionStage<Response> stage) {
    return new Response(
        200, Headers.empty(), Body.EMPTY, Tasks.none(), Objects.requireNonNull(stage, "stage"));
  }

  public int status() {
    return requireKnown().status;
  }

  public Headers headers() {
    return requireKnown().headers;
  }

  public Body body() {
    return requireKnown().body;
  }

  /** The tasks that run after this response. */
  public Tasks tasks() {
    return requireKnown().tasks;
  }

  /** The stage of an {@link #async} response, or {@code null} for one that is there. */
  public @Nullable CompletionStage<Response> pending() {
    return pending;
  }

  /** A copy with another status, 200 to 599. */
  public Response status(int status) {
    requireStatus(status);
    return map(
        to ->
            new Response(
                status,
                to.headers,
                to.body instanceof Body.WebSocket ? Body.EMPTY : to.body,
                to.tasks,
                null));
  }

  /**
   * A copy in which this is the only header field of that name.
   *
   * @throws IllegalArgumentException when the name is no token, the value holds a control
   *     character, or the server writes the field
   */
  public Response header(String name, String value) {
    ReservedFields.requireNone(name, value);
    return headers(headers -> headers.with(name, value));
  }

  /**
   * A copy with one more header field, whatever there is of that name already; throws as {@link
   * #header}.
   */
  public Response addHeader(String name, String value) {
    ReservedFields.requireNone(name, value);
    return headers(headers -> headers.and(name, value));
  }

  /** A copy without the header fields of that name. */
  public Response withoutHeader(String name) {
    return headers(headers -> headers.without(name));
  }

  /** A copy that sets a cookie, in place of one of the same name, domain and path. */
  public Response cookie(Cookie cookie) {
    Objects.requireNonNull(cookie, "cookie");
    return headers(cookie::setIn);
  }

  /**
   * A copy that deletes a cookie of the path {@code /} and no domain. One of another path or domain
   * is deleted by setting it as it was with a {@code maxAge} of zero.
   */
  public Response deleteCookie(String name) {
    return cookie(Cookie.of(name, "").maxAge(Duration.ZERO));
  }

  private Response headers(UnaryOperator<Headers> change) {
    return map(to -> new Response(to.status, change.apply(to.headers), to.body, to.tasks, null));
  }

  /** A copy with other content, its type unchanged. */
  public Response body(Body body) {
    Objects.requireNonNull(body, "body");
    return map(
        to -> {
          if (body instanceof Body.WebSocket || to.body instanceof Body.WebSocket) {
            throw new IllegalArgumentException(
                "a WebSocket and other content exclude each other: make another response");
          }
          return new Response(to.status, to.headers, body, to.tasks, null);
        });
  }

  /**
   * A copy with a text as its content, in UTF-8: the status, the other headers and the tasks stay.
   */
  public Response content(String contentType, String text) {
    return header("Content-Type", contentType)
        .withoutHeader("Content-Encoding")
        .body(new Body.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A copy after which one more task runs, independent of those before it and after them. */
  public Response background(BackgroundTask task) {
    return background(Tasks.none().and(task));
  }

  private Response background(Tasks more) {
    return map(to -> new Response(to.status, to.headers, to.body, to.tasks.and(more), null));
  }

  /**
   * A copy after which one more task runs: {@code background("welcome-mail", () ->
   * mail.welcome(user))}.
   */
  public Response background(String name, BackgroundTask.Action action) {
    return background(BackgroundTask.of(name, action));
  }

  /** A copy after which one more task runs, which wants to know what became of the request. */
  public Response background(String name, BackgroundTask.ContextAction action) {
    return background(BackgroundTask.of(name, action));
  }

  /**
   * What becomes of this response by a change, made now or, for an {@link #async} one, once it is
   * there.
   */
  public Response map(UnaryOperator<Response> change) {
    return pending == null
        ? change.apply(this)
        : async(
            pending.thenApply(
                response ->
                    Objects.requireNonNull(
                            response,
                            "the stage of Response.async() completed with null: give it a response")
                        .map(change)));
  }

  private Response requireKnown() {
    if (pending != null) {
      throw new IllegalStateException(
          "this response is still to come: read it inside map(response -> ...)");
    }
    return this;
  }

  private static int requireStatus(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("a response has a status from 200 to 599, not " + status);
    }
    return status;
  }

  @Override
  public String toString() {
    return pending != null ? "Response to come" : "Response " + status;
  }
}
