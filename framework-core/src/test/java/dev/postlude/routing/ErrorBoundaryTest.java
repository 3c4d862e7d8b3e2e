package dev.postlude.routing;

import static dev.postlude.routing.Served.get;
import static dev.postlude.routing.Served.naming;
import static dev.postlude.routing.Served.throwing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Body;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of everything that handlers and filters throw. */
class ErrorBoundaryTest {
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void theHandlerForTheNearestClassAnswers() throws Exception {
    Routes.Body<RuntimeException> handlers =
        routes -> {
          routes.onError(Exception.class, (request, error) -> Response.text("Exception"));
          routes.onError(IOException.class, (request, error) -> Response.text("IOException"));
          routes.get("/io", throwing(new IOException()));
          routes.get("/file", throwing(new FileNotFoundException()));
          routes.get("/state", throwing(new IllegalStateException()));
          routes.get("/http", throwing(new HttpException(404, "")));
        };

    assertThat(text(get("/io", handlers))).isEqualTo("IOException");
    assertThat(text(get("/file", handlers))).isEqualTo("IOException");
    assertThat(text(get("/state", handlers))).isEqualTo("Exception");
    assertThat(text(get("/http", handlers))).isEqualTo("Exception");
  }

  @Test
  void ofTwoHandlersForOneClassTheInnermostGroupsAnswers() throws Exception {
    Routes.Body<RuntimeException> handlers =
        routes -> {
          routes.onError(IOException.class, (request, error) -> Response.text("app"));
          routes.get("/x", throwing(new IOException()));
          routes.group(
              "/g",
              group -> {
                group.get("/x", throwing(new IOException()));
                group.onError(IOException.class, (request, error) -> Response.text("group"));
                group.group("/h", inner -> inner.get("/x", throwing(new IOException())));
              });
          routes.group("/other", other -> other.get("/x", throwing(new IOException())));
        };

    assertThat(text(get("/x", handlers))).isEqualTo("app");
    assertThat(text(get("/g/x", handlers))).isEqualTo("group");
    assertThat(text(get("/g/h/x", handlers))).isEqualTo("group");
    assertThat(text(get("/other/x", handlers))).isEqualTo("app");
  }

  @Test
  void aNearerClassOfAnOuterScopeBeatsAFartherOneOfAnInner() throws Exception {
    Response response =
        get(
            "/g/x",
            routes -> {
              routes.onError(IOException.class, (request, error) -> Response.text("app"));
              routes.group(
                  "/g",
                  group -> {
                    group.onError(Exception.class, (request, error) -> Response.text("group"));
                    group.get("/x", throwing(new FileNotFoundException()));
                  });
            });

    assertThat(text(response)).isEqualTo("app");
  }

  @Test
  void ourOwnRefusalsGoThroughTheAppsErrorHandlers() throws Exception {
    Response response =
        get(
            "/none",
            routes ->
                routes.onError(
                    HttpException.class,
                    (request, error) -> Response.text(error.status(), "own page")));

    assertThat(response.status()).isEqualTo(404);
    assertThat(text(response)).isEqualTo("own page");
  }

  @Test
  void whatWasNotExpectedIsA500ThatSaysNothingAndALogLineThatSaysAll() throws Exception {
    Response response =
        get(
            "/users/7",
            routes ->
                routes.get(
                    "/users/{id}",
                    request -> {
                      throw new IllegalStateException("password=hunter2");
                    }));

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.headers().find("Content-Type")).contains("application/problem+json");
    assertThat(text(response)).isEqualTo("{\"title\":\"Internal Server Error\",\"status\":500}");
    assertThat(log.all())
        .contains("500 for GET /users/{id}, request ")
        .contains("java.lang.IllegalStateException: password=hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/handler", "/filter", "/error", "/stage"})
  void nullIsA500AndTheLogNamesTheRoute(String path) throws Exception {
    Response response =
        get(
            path,
            routes -> {
              routes.onError(
                  IOException.class,
                  (request, error) -> {
                    return null;
                  });
              routes.get("/handler", request -> null);
              routes.get("/filter", request -> Response.of(200)).filter((request, next) -> null);
              routes.get("/error", throwing(new IOException("first")));
              routes.get(
                  "/stage", request -> Response.async(CompletableFuture.completedFuture(null)));
            });

    assertThat(known(response).status()).isEqualTo(500);
    assertThat(log.all()).contains("500 for GET " + path + ", request ").contains("null");
  }

  @Test
  void aFailingErrorHandlerIsAPlain500() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onError(
                  IOException.class,
                  (request, error) -> {
                    throw new IllegalStateException("second");
                  });
              routes.get("/", throwing(new IOException("first")));
            });

    assertThat(response.status()).isEqualTo(500);
    assertThat(text(response)).isEqualTo("Internal Server Error");
    assertThat(log.all()).contains("second");
  }

  @Test
  void anErrorHandlerMayThrowOnWhatItWasGiven() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onError(
                  IOException.class,
                  (request, error) -> {
                    throw error;
                  });
              routes.get("/", throwing(new IOException("first")));
            });

    assertThat(response.status()).isEqualTo(500);
    assertThat(log.all()).contains("java.io.IOException: first");
  }

  @Test
  void evenAnErrorOfTheVirtualMachineIsAnswered() throws Exception {
    Response response =
        get(
            "/",
            routes ->
                routes.get(
                    "/",
                    request -> {
                      throw new StackOverflowError();
                    }));

    assertThat(response.status()).isEqualTo(500);
  }

  @Test
  void anHttpExceptionAnswersForItselfWithItsHeadersAndNotItsCause() throws Exception {
    Response response =
        get(
            "/",
            routes ->
                routes.get(
                    "/",
                    throwing(
                        new HttpException(429, "later")
                            .header("Retry-After", "7")
                            .causedBy(new IOException("secret")))));

    assertThat(response.status()).isEqualTo(429);
    assertThat(response.headers().find("Retry-After")).contains("7");
    assertThat(text(response))
        .isEqualTo("{\"title\":\"Too Many Requests\",\"status\":429,\"detail\":\"later\"}");
    assertThat(log.all()).isEmpty();
  }

  @Test
  void anInterruptedHandlerLeavesItsThreadInterrupted() throws Exception {
    get("/", routes -> routes.get("/", throwing(new InterruptedException())));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aFailedStageIsMappedLikeAnExceptionOfTheHandler() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.filter(naming("app"));
          routes.onError(IOException.class, (request, error) -> Response.of(502));
          routes.get("/plain", r -> failed(new IOException()));
          routes.get("/wrapped", r -> failed(new CompletionException(new IOException())));
          routes.get("/http", r -> failed(new HttpException(404, "")));
          routes.get("/other", r -> failed(new UncheckedIOException(new IOException())));
          routes.get(
              "/twice", r -> Response.async(CompletableFuture.completedFuture(failed(oops()))));
        };

    assertThat(known(get("/plain", app)).headers().find("Via")).contains("app saw 502");
    assertThat(known(get("/wrapped", app)).headers().find("Via")).contains("app saw 502");
    assertThat(known(get("/http", app)).headers().find("Via")).contains("app saw 404");
    assertThat(known(get("/other", app)).headers().find("Via")).contains("app saw 500");
    assertThat(known(get("/twice", app)).headers().find("Via")).contains("app saw 502");
  }

  private static IOException oops() {
    return new IOException("oops");
  }

  private static Response failed(Throwable error) {
    return Response.async(CompletableFuture.failedFuture(error));
  }

  private static Response known(Response response) throws Exception {
    Response known = response;
    while (known.pending() != null) {
      known = known.pending().toCompletableFuture().get();
    }
    return known;
  }

  private static String text(Response response) {
    return new String(((Body.Bytes) response.body()).array(), StandardCharsets.UTF_8);
  }
}
