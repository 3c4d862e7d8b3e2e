package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.known;
import static dev.postlude.filter.InMemory.later;
import static dev.postlude.filter.InMemory.names;
import static dev.postlude.filter.InMemory.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static final String ORIGIN = "https://app.example.org";
  private static final Handler HELLO = request -> Response.text("hello").background("t", () -> {});

  private static Request get(String origin) {
    return Request.get("/").header("Origin", origin);
  }

  private static Request preflight(String origin) {
    return Request.of(Method.OPTIONS, "/")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "PUT");
  }

  @Test
  void aPreflightIsAnsweredWithWhatIsAllowed() throws Exception {
    Cors cors =
        Cors.origins(ORIGIN)
            .methods(Method.GET, Method.PUT)
            .headers("Content-Type", "Authorization")
            .expose("X-Total")
            .maxAge(Duration.ofHours(1));

    Response response = answer(cors, preflight(ORIGIN), HELLO);

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.headers())
        .hasToString(
            """
            Vary: Origin
            Access-Control-Allow-Origin: https://app.example.org
            Vary: Access-Control-Request-Method
            Vary: Access-Control-Request-Headers
            Access-Control-Allow-Methods: GET, PUT
            Access-Control-Allow-Headers: Content-Type, Authorization
            Access-Control-Max-Age: 3600
            """);
    assertThat(tasks(response)).as("the handler was not called").isEmpty();
  }

  @Test
  void theDefaultsAreModest() throws Exception {
    Response response = answer(Cors.origins(ORIGIN), preflight(ORIGIN), HELLO);

    assertThat(header(response, "Access-Control-Allow-Methods"))
        .isEqualTo("GET, HEAD, POST, PUT, PATCH, DELETE");
    assertThat(header(response, "Access-Control-Allow-Headers")).isEqualTo("Content-Type");
    assertThat(header(response, "Access-Control-Max-Age")).isEqualTo("600");
    assertThat(response.headers().contains("Access-Control-Allow-Credentials")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org.evil.example",
        "https://APP.example.org",
        "null"
      })
  void anotherOriginIsToldNothing(String origin) throws Exception {
    Response refused = answer(Cors.origins(ORIGIN), preflight(origin), HELLO);
    Response handled = answer(Cors.origins(ORIGIN).expose("X-Total"), get(origin), HELLO);

    assertThat(refused.status()).isEqualTo(204);
    assertThat(names(refused)).as("only what caches need").containsOnly("Vary");
    assertThat(handled.status()).isEqualTo(200);
    assertThat(names(handled)).containsOnly("Content-Type", "Vary");
  }

  @Test
  void aResponseMayBeReadByAnOriginThatIsAllowed() throws Exception {
    Response response = answer(Cors.origins(ORIGIN).expose("X-Total", "Link"), get(ORIGIN), HELLO);

    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(header(response, "Access-Control-Expose-Headers")).isEqualTo("X-Total, Link");
    assertThat(header(response, "Vary")).isEqualTo("Origin");
    assertThat(response.headers().contains("Access-Control-Allow-Methods")).isFalse();
    assertThat(tasks(response)).containsExactly("t");
  }

  @Test
  void cachesAreToldEvenWhereThereIsNoOrigin() throws Exception {
    Handler varying = request -> Response.text("x").header("Vary", "Accept, origin");

    assertThat(header(answer(Cors.origins(ORIGIN), Request.get("/"), HELLO), "Vary"))
        .isEqualTo("Origin");
    assertThat(header(answer(Cors.origins(ORIGIN), Request.get("/"), varying), "Vary"))
        .isEqualTo("Accept, origin");
  }

  @Test
  void anyOriginIsAStarForEverybody() throws Exception {
    Response response = answer(Cors.anyOrigin(), get("https://who.example"), HELLO);

    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(response.headers().contains("Vary")).isFalse();
    assertThat(answer(Cors.anyOrigin(), Request.get("/"), HELLO).headers())
        .as("so that caches may share it")
        .isEqualTo(response.headers());
  }

  @Test
  void credentialsAreForNamedOrigins() throws Exception {
    Cors cors = Cors.origins(ORIGIN).credentials(true);

    for (Request request : new Request[] {get(ORIGIN), preflight(ORIGIN)}) {
      Response response = answer(cors, request, HELLO);
      assertThat(header(response, "Access-Control-Allow-Credentials")).isEqualTo("true");
      assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    }
    assertThat(names(answer(cors, get("https://evil.example"), HELLO)))
        .containsOnly("Content-Type", "Vary");
  }

  @Test
  void originsMayBeTested() throws Exception {
    Cors cors =
        Cors.originsLike(Pattern.compile("https://[a-z]+\\.example\\.org").asMatchPredicate());
    Cors careless = Cors.originsLike(origin -> true);

    assertThat(header(answer(cors, get(ORIGIN), HELLO), "Access-Control-Allow-Origin"))
        .isEqualTo(ORIGIN);
    assertThat(names(answer(cors, get(ORIGIN + ".evil"), HELLO)))
        .doesNotContain("Access-Control-Allow-Origin");
    assertThat(names(answer(careless, get("null"), HELLO)))
        .as("null is nobody in particular")
        .doesNotContain("Access-Control-Allow-Origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fails", "/none", "/posted", "/later", "/%zz"})
  void errorsMayBeReadToo(String path) throws Exception {
    App app =
        App.of(
            routes -> {
              routes.filter(Cors.origins(ORIGIN));
              routes.get(
                  "/fails",
                  request -> {
                    throw new IllegalStateException("expected by this test");
                  });
              routes.post("/posted", HELLO);
              routes.get(
                  "/later",
                  later(
                      request -> {
                        throw new IllegalStateException("expected by this test");
                      }));
            });

    Response response = known(app.handle(Request.get(path).header("Origin", ORIGIN)));

    assertThat(response.status()).isGreaterThanOrEqualTo(400);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
  }

  @Test
  void anOptionsThatIsNoPreflightIsTheApps() throws Exception {
    Request request = Request.of(Method.OPTIONS, "/").header("Origin", ORIGIN);

    Response response = answer(Cors.origins(ORIGIN), request, HELLO);

    assertThat(header(response, "Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(response.headers().contains("Access-Control-Max-Age")).isFalse();
  }

  @Test
  void aGroupAnswersThePreflightsOfItsPathsAndNoOthers() throws Exception {
    App app =
        App.of(
            routes -> {
              routes.get("/home", HELLO);
              routes.group(
                  "/api",
                  api -> {
                    api.filter(Cors.origins(ORIGIN));
                    api.put("/users/{id}", HELLO);
                  });
            });

    Request inside =
        Request.of(Method.OPTIONS, "/api/users/7")
            .header("Origin", ORIGIN)
            .header("Access-Control-Request-Method", "PUT");

    assertThat(header(app.handle(inside), "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    Request outside =
        Request.of(Method.OPTIONS, "/home")
            .header("Origin", ORIGIN)
            .header("Access-Control-Request-Method", "PUT");
    assertThat(names(app.handle(outside))).containsExactly("Allow");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(() -> Cors.origins(), "Cors.anyOrigin()"),
        refusal(() -> Cors.origins("*"), "say Cors.anyOrigin()"),
        refusal(() -> Cors.origins("null"), "sandboxed frame"),
        refusal(() -> Cors.origins(ORIGIN + "/"), "without a slash at its end"),
        refusal(() -> Cors.origins("app.example.org"), "an origin is scheme://host"),
        refusal(() -> Cors.origins("https://App.example.org"), "in lower case"),
        refusal(() -> Cors.origins("https://*.example.org"), "an origin is scheme://host"),
        refusal(() -> Cors.origins(ORIGIN + ":443"), "leave out a scheme's own port"),
        refusal(() -> Cors.origins("http://a.example:80"), "leave out a scheme's own port"),
        refusal(() -> Cors.anyOrigin().credentials(true), "name the origins"),
        refusal(() -> Cors.anyOrigin().headers("*"), "name the headers"),
        refusal(() -> Cors.origins(ORIGIN).expose("*"), "name the headers"),
        refusal(() -> Cors.origins(ORIGIN).expose("a b"), "is not a token"),
        refusal(() -> Cors.origins(ORIGIN).methods(Method.of("TRACE")), "browsers send no TRACE"),
        refusal(() -> Cors.origins(ORIGIN).maxAge(Duration.ofSeconds(-1)), "0 seconds or more"));
  }

  private static Arguments refusal(ThrowingCallable call, String sentence) {
    return Arguments.of(call, sentence);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void nonsenseIsRefusedWhenItIsSaid(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3000",
        "http://127.0.0.1",
        "https://[2001:db8::1]:8443",
        "chrome-extension://abcdef",
        "https://xn--bcher-kva.example"
      })
  void originsOfAllSortsAreTaken(String origin) throws Exception {
    assertThat(header(answer(Cors.origins(origin), get(origin), HELLO), "Vary"))
        .isEqualTo("Origin");
  }

  @Test
  void aPreflightGoesOverTheWire() throws Exception {
    App app =
        App.of(
            routes -> {
              routes.filter(Cors.origins(ORIGIN));
              routes.put("/users/{id}", HELLO);
            });
    try (Server server = app.start(0)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/users/7"))
              .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
              .header("Origin", ORIGIN)
              .header("Access-Control-Request-Method", "PUT")
              .timeout(Duration.ofSeconds(10))
              .build();

      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
      assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    }
  }
}
