package dev.postlude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.Key;
import dev.postlude.http.Headers;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Reply;
import dev.postlude.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an app answers, whichever way a request comes to it: each way is a subclass. */
abstract class AppContract {
  private static final Key<String> USER = Key.of("user");

  record Signup(String email, int age) {}

  private final LogLines log = LogLines.of("dev.postlude");
  private Wire wire;

  /** The way to an app. */
  abstract Wire open(App app) throws Exception;

  @BeforeEach
  void start() throws Exception {
    wire = open(App.of(AppContract::routes));
  }

  @AfterEach
  void stop() throws Exception {
    wire.close();
    log.close();
  }

  private static void routes(Routes routes) {
    routes.filter(
        (request, next) ->
            next.handle(request.with(USER, request.header("X-User").orElse("nobody")))
                .map(response -> response.addHeader("X-Seen", response.status() + "")));
    routes.onError(IOException.class, (request, error) -> Response.problem(502, "upstream"));
    routes.get("/", request -> Response.text("hello"));
    routes.get("/users/{id:int}", request -> Response.text("user " + request.param("id")));
    routes.get("/users/{name}", request -> Response.text("named " + request.param("name")));
    routes.get("/files/{path...}", request -> Response.text(request.param("path")));
    routes.get("/whoami", request -> Response.text(request.get(USER)));
    routes.get("/query", request -> Response.text(request.query().all("q").toString()));
    routes.get("/page", request -> Response.json(request.query().asInt("n")));
    routes.get("/headers", request -> Response.text(request.headers().all("X-Two").toString()));
    routes.post("/echo", request -> Response.bytes("application/x", request.bytes()));
    routes.post("/form", request -> Response.text(request.form().get("a")));
    routes.post("/signup", request -> Response.json(201, request.json(Signup.class)));
    routes.put("/things/{id}", request -> Response.noContent());
    routes.delete("/things/{id}", request -> Response.noContent());
    routes.get("/not-modified", request -> Response.of(304).header("ETag", "\"1\""));
    routes.get("/loop", request -> Response.text("loop")).onEventLoop();
    routes.get("/moved", request -> Response.redirect(301, "/"));
    routes.get("/async", request -> Response.async(later()));
    routes.get("/async-fails", request -> Response.async(failing(new IOException())));
    routes.get("/null", request -> null);
    routes.get("/io", AppContract::upstream);
    routes.get("/teapot", AppContract::teapot);
    routes.get("/bug", AppContract::bug);
    routes.get("/utf8", request -> Response.json(Map.of("text", "\u00e9\u20ac")));
    routes.group("/admin", admin -> admin.get("/x", request -> Response.text(request.route())));
  }

  private static CompletableFuture<Response> later() {
    return CompletableFuture.supplyAsync(
        () -> Response.text("later"), Executors.newSingleThreadExecutor(AppContract::daemon));
  }

  private static Thread daemon(Runnable run) {
    Thread thread = new Thread(run, "later");
    thread.setDaemon(true);
    return thread;
  }

  private static CompletableFuture<Response> failing(Exception error) {
    return CompletableFuture.failedFuture(error);
  }

  private static Response upstream(Request request) throws IOException {
    throw new IOException("10.0.0.7 refused");
  }

  private static Response teapot(Request request) {
    throw new HttpException(418, "short and stout").header("Retry-After", "60");
  }

  private static Response bug(Request request) {
    throw new IllegalStateException("password=hunter2");
  }

  private Reply send(String method, String target, String body, String... headers)
      throws Exception {
    return wire.exchange(
        Method.of(method),
        target,
        Headers.of(headers),
        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /                   | 200 | hello",
        "GET    | /?x=1               | 200 | hello",
        "GET    | /users/7            | 200 | user 7",
        "GET    | /users/%37          | 200 | user 7",
        "GET    | /users/ann          | 200 | named ann",
        "GET    | /users/a%2Fb        | 200 | named a/b",
        "GET    | /users/a+b%20c      | 200 | named a+b c",
        "GET    | /users/%C3%A9       | 200 | named \u00e9",
        "GET    | /users/7/           | 200 | user 7",
        "GET    | /files/a/b%20c/     | 200 | a/b c/",
        "GET    | /query?q=a+b&q=%26  | 200 | [a b, &]",
        "GET    | /page?n=7           | 200 | 7",
        "GET    | /loop               | 200 | loop",
        "GET    | /async              | 200 | later",
        "GET    | /admin/x            | 200 | /admin/x",
        "GET    | /utf8               | 200 | {\"text\":\"\u00e9\u20ac\"}",
        "PUT    | /things/1           | 204 | ''",
        "DELETE | /things/1           | 204 | ''",
        "GET    | /not-modified       | 304 | ''",
        "GET    | /moved              | 301 | ''",
        "HEAD   | /                   | 200 | ''",
        "HEAD   | /async              | 200 | ''",
        "HEAD   | /none               | 404 | ''",
        "HEAD   | /things/1           | 405 | ''",
        "HEAD   | /bug                | 500 | ''",
        "OPTIONS| /users/7            | 204 | ''",
        "GET    | /none               | 404 | {\"title\":\"Not Found\",\"status\":404,"
            + "\"detail\":\"nothing is here\"}",
        "GET    | /io                 | 502 | {\"title\":\"Bad Gateway\",\"status\":502,"
            + "\"detail\":\"upstream\"}",
        "GET    | /async-fails        | 502 | {\"title\":\"Bad Gateway\",\"status\":502,"
            + "\"detail\":\"upstream\"}",
        "GET    | /teapot             | 418 | {\"title\":\"Status\",\"status\":418,"
            + "\"detail\":\"short and stout\"}",
        "GET    | /bug                | 500 | {\"title\":\"Internal Server Error\",\"status\":500}",
        "GET    | /null               | 500 | {\"title\":\"Internal Server Error\",\"status\":500}",
        "GET    | /page?n=x           | 400 | {\"title\":\"Bad Request\",\"status\":400,"
            + "\"detail\":\"query parameter 'n' is not a whole number of 32 bits: 'x'\"}",
        "GET    | /page               | 400 | {\"title\":\"Bad Request\",\"status\":400,"
            + "\"detail\":\"query parameter 'n' is missing\"}",
      })
  void everyRequestHasItsAnswer(String method, String target, int status, String body)
      throws Exception {
    Reply reply = send(method, target, null);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).isEqualTo(body);
    assertThat(reply.header("X-Seen")).isEqualTo(status + "");
  }

  @ParameterizedTest
  @CsvSource({"/users/%zz", "/%", "/users/%C3", "/users/%00", "/query?q=%zz"})
  void malformedEncodingIsA400(String target) throws Exception {
    Reply reply = send("GET", target, null);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("malformed percent-encoding in '");
  }

  @Test
  void whatMethodsAPathKnowsIsToldByAllow() throws Exception {
    assertThat(send("POST", "/users/7", "").header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(send("OPTIONS", "/things/7", "").header("Allow")).isEqualTo("DELETE, OPTIONS, PUT");
    assertThat(send("BREW", "/echo", "").status()).isEqualTo(405);
  }

  @Test
  void headersArriveBothWays() throws Exception {
    assertThat(send("GET", "/headers", null, "X-Two", "1", "x-two", "2").text())
        .isEqualTo("[1, 2]");
    assertThat(send("GET", "/not-modified", null).header("ETag")).isEqualTo("\"1\"");
    assertThat(send("GET", "/moved", null).header("Location")).isEqualTo("/");
    assertThat(send("GET", "/teapot", null).header("Retry-After")).isEqualTo("60");
    assertThat(send("GET", "/", null).header("content-type"))
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(send("GET", "/none", null).header("Content-Type"))
        .isEqualTo("application/problem+json");
  }

  @Test
  void attributesGoFromFiltersToHandlers() throws Exception {
    assertThat(send("GET", "/whoami", null, "X-User", "ann").text()).isEqualTo("ann");
    assertThat(send("GET", "/whoami", null).text()).isEqualTo("nobody");
  }

  @Test
  void bodiesArriveAsTheyWereSent() throws Exception {
    byte[] all = new byte[100_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i * 31);
    }

    assertThat(wire.exchange(Method.POST, "/echo", Headers.empty(), all).body()).isEqualTo(all);
    assertThat(send("POST", "/echo", "").body()).isEmpty();
    assertThat(
            send("POST", "/form", "a=x+%26", "Content-Type", "application/x-www-form-urlencoded")
                .text())
        .isEqualTo("x &");
  }

  @Test
  void jsonBecomesARecordAndARecordJson() throws Exception {
    String json = "{\"email\":\"a@b\",\"age\":7}";

    assertThat(send("POST", "/signup", json, "Content-Type", "application/json").text())
        .isEqualTo(json);
    assertThat(send("POST", "/signup", json, "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(send("POST", "/signup", "{\"email\":", "Content-Type", "application/json").text())
        .contains("\"detail\":\"the body is not valid JSON at line 1, column ")
        .doesNotContain("Signup", "java", "jackson");
    String half = "{\"email\":\"a@b\",\"age\":7.5}";
    Reply refusal = send("POST", "/signup", half, "Content-Type", "application/json");
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.text())
        .contains("\"detail\":\"the JSON body does not fit at 'age' at line 1, column ");
  }
}
