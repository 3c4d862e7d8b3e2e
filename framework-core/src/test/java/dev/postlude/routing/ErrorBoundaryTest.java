package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Body;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
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

/** Filters, error handlers, and what becomes of everything that is thrown between them. */
class ErrorBoundaryTest {
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  private static Filter naming(String name) {
    return (request, next) -> {
      Response response = next.handle(request);
      return response.map(known -> known.addHeader("Via", name + " saw " + known.status()));
    };
  }

  private static Handler throwing(Exception error) {
    return request -> {
      throw error;
    };
  }

  @Test
  void filtersStandInTheOrderOfTheirScopesAndTheFirstIsOutermost() throws Exception {
    Response response =
        get(
            "/g/h/x",
            routes -> {
              routes.group(
                  "/g",
                  group -> {
                    group.group(
                        "/h",
                        inner -> {
                          inner.get("/x", r -> Response.of(200)).filter(naming("route"));
                          inner.filter(naming("h"));
                        });
                    group.filter(naming("g"));
                  });
              routes.filter(naming("app 1"));
              routes.filter(naming("app 2"));
            });

    assertThat(response.headers().all("Via"))
        .containsExactly(
            "route saw 200", "h saw 200", "g saw 200", "app 2 saw 200", "app 1 saw 200");
  }

  @Test
  void aFilterOfAGroupIsNotAroundItsNeighbours() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.filter(naming("app"));
          routes.group("/a", a -> a.get("/x", r -> Response.of(200)).filter(naming("a route")));
          routes.group(
              "/b",
              b -> {
                b.filter(naming("b"));
                b.get("/x", r -> Response.of(200));
              });
        };

    assertThat(get("/a/x", app).headers().all("Via"))
        .containsExactly("a route saw 200", "app saw 200");
    assertThat(get("/b/x", app).headers().all("Via")).containsExactly("b saw 200", "app saw 200");
  }

  @Test
  void theAppsFiltersSeeTheAnswersThatNoRouteGave() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.filter(naming("app"));
          routes.post("/x", r -> Response.of(200));
        };

    assertThat(get("/none", app).headers().find("Via")).contains("app saw 404");
    assertThat(get("/x", app).headers().find("Via")).contains("app saw 405");
    assertThat(get("/%zz", app).headers().find("Via")).contains("app saw 400");
  }

  @Test
  void aFilterSeesTheErrorResponseAndNotTheException() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.filter(naming("outer"));
              routes.filter(naming("inner"));
              routes.get("/", throwing(new HttpException(409, "taken")));
            });

    assertThat(response.status()).isEqualTo(409);
    assertThat(response.headers().all("Via")).containsExactly("inner saw 409", "outer saw 409");
  }

  @Test
  void anExceptionOfAFilterIsMappedAndTheFiltersAroundItSeeThat() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onError(IOException.class, (request, error) -> Response.of(502));
              routes.filter(naming("outer"));
              routes.filter(
                  (request, next) -> {
                    next.handle(request);
                    throw new IOException("filter");
                  });
              routes.filter(naming("inner"));
              routes.get("/", r -> Response.of(200));
            });

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers().all("Via")).containsExactly("outer saw 502");
  }

  @Test
  void aFilterMayAnswerItself() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.filter((request, next) -> Response.of(401));
              routes.get("/", throwing(new IllegalStateException("must not be called")));
            });

    assertThat(response.status()).isEqualTo(401);
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

  private static Response get(String path, Routes.Body<RuntimeException> routes) throws Exception {
    Match match = Router.of(routes).find(Method.GET, path);
    return match
        .endpoint()
        .handler()
        .handle(Request.get(path).routed(match.endpoint().route(), match.params()));
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
