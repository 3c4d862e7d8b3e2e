package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static final Handler OK = request -> Response.text(request.route());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET     | /a       | 200 |",
        "HEAD    | /a       | 200 |",
        "POST    | /a       | 200 |",
        "DELETE  | /a       | 405 | GET, HEAD, OPTIONS, POST",
        "get     | /a       | 405 | GET, HEAD, OPTIONS, POST",
        "OPTIONS | /a       | 204 | GET, HEAD, OPTIONS, POST",
        "GET     | /form    | 405 | OPTIONS, PUT",
        "HEAD    | /form    | 405 | OPTIONS, PUT",
        "OPTIONS | /form    | 204 | OPTIONS, PUT",
        "OPTIONS | /own     | 200 |",
        "HEAD    | /own     | 200 |",
        "GET     | /own     | 405 | HEAD, OPTIONS",
        "GET     | /none    | 404 |",
        "OPTIONS | /none    | 404 |",
        "HEAD    | /none    | 404 |",
        "GET     | /a/%zz   | 400 |",
        "OPTIONS | *        | 204 |",
      })
  void everyMethodAndPathHasAnAnswer(String method, String path, int status, String allow)
      throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.get("/a", OK);
              routes.post("/a", OK);
              routes.put("/form", OK);
              routes.head("/own", OK);
              routes.options("/own", OK);
            });

    Response response = call(router, Method.of(method), path);

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().find("Allow").orElse(null)).isEqualTo(allow);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /shops/tea/items/7, 200", "DELETE, /shops/tea/items/7, 405",
    "OPTIONS, /shops/tea/items/7, 204", "DELETE, /shops/tea, 405"
  })
  void aGroupsFilterFindsTheParametersOfItsPrefixWhateverTheMethod(
      String method, String path, int status) throws Exception {
    Router router =
        Router.of(
            routes ->
                routes.group(
                    "/shops/{shop}",
                    shop -> {
                      shop.filter(
                          (request, next) ->
                              next.handle(request).header("X-Shop", request.param("shop")));
                      shop.get("/", OK);
                      shop.get("/items/{id}", OK);
                    }));

    Response response = call(router, Method.of(method), path);

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().find("X-Shop")).contains("tea");
  }

  @Test
  void headGoesWhereGetWouldEvenIfAnotherRouteAnswersHead() throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.get("/users/me", OK);
              routes.head("/users/{id}", OK);
            });

    assertThat(router.find(Method.HEAD, "/users/me").endpoint().route()).isEqualTo("/users/me");
    assertThat(router.find(Method.HEAD, "/users/7").endpoint().route()).isEqualTo("/users/{id}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STRICT   | /a      | 200 /a",
        "STRICT   | /a/     | 404",
        "STRICT   | /b/     | 200 /b/",
        "STRICT   | /b      | 404",
        "STRICT   | /       | 200 /",
        "STRICT   | /c      | 200 /c",
        "STRICT   | /c/     | 200 /c/",
        "IGNORE   | /a/     | 200 /a",
        "IGNORE   | /b      | 200 /b/",
        "IGNORE   | /c/     | 200 /c/",
        "IGNORE   | /a//    | 404",
        "IGNORE   | /7/     | 200 /{id:int}",
        "IGNORE   | //      | 200 /",
        "REDIRECT | /a/     | 308 /a",
        "REDIRECT | /a/?x=1 | 308 /a?x=1",
        "REDIRECT | /b      | 308 /b/",
        "REDIRECT | /c      | 200 /c",
        "REDIRECT | /%37/   | 308 /%37",
        "REDIRECT | /none/  | 404",
        "REDIRECT | /       | 200 /",
      })
  void aSlashAtTheEndMeansWhatThePolicySays(TrailingSlash policy, String target, String expected)
      throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.trailingSlash(policy);
              routes.get("/", OK);
              routes.get("/a", OK);
              routes.get("/b/", OK);
              routes.get("/c", OK);
              routes.get("/c/", OK);
              routes.get("/{id:int}", OK);
            });

    Response response = call(router, Method.GET, target);

    assertThat(
            (response.status()
                    + " "
                    + (response.status() == 200
                        ? router.find(Method.GET, Request.pathOf(target)).endpoint().route()
                        : response.headers().find("Location").orElse("")))
                .strip())
        .isEqualTo(expected);
  }

  @Test
  void aRedirectNeverLeavesTheHost() throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.trailingSlash(TrailingSlash.REDIRECT);
              routes.get("/{empty:.*}/{page}", OK);
            });

    Response response = call(router, Method.GET, "//evil.example/");

    assertThat(response.headers().find("Location").orElse("")).doesNotStartWith("//");
  }

  @Test
  void aGroupPutsItsPrefixBeforeItsRoutes() throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.group(
                  "/api/{tenant}",
                  api -> {
                    api.get("/", OK);
                    api.group("/v1", v1 -> v1.get("/users/{id}", OK));
                  });
            });

    assertThat(router.find(Method.GET, "/api/acme/v1/users/7").endpoint().route())
        .isEqualTo("/api/{tenant}/v1/users/{id}");
    assertThat(router.find(Method.GET, "/api/acme/v1/users/7").params().get("tenant"))
        .isEqualTo("acme");
    assertThat(call(router, Method.GET, "/api/acme").status()).isEqualTo(200);
  }

  @Test
  void anEndpointTellsWhatWasSaidOfItsRoute() {
    Router router =
        Router.of(
            routes -> {
              routes.get("/plain", OK);
              routes.post("/said", OK).onEventLoop().maxBody(7);
            });

    assertThat(router.find(Method.GET, "/plain").endpoint())
        .extracting(Endpoint::onEventLoop, Endpoint::maxBody)
        .containsExactly(false, Endpoint.SERVER_LIMIT);
    assertThat(router.find(Method.POST, "/said").endpoint())
        .extracting(Endpoint::onEventLoop, Endpoint::maxBody)
        .containsExactly(true, 7L);
  }

  @Test
  void ourOwnAnswersStayOnTheEventLoopUnlessTheAppsCodeIsAroundThem() {
    Consumer<Routes> route = routes -> routes.get("/", OK);

    assertThat(Router.of(route::accept).find(Method.GET, "/none").endpoint().onEventLoop())
        .isTrue();
    assertThat(
            Router.of(
                    route.andThen(routes -> routes.filter((request, next) -> Response.of(200)))
                        ::accept)
                .find(Method.GET, "/none")
                .endpoint()
                .onEventLoop())
        .isFalse();
    assertThat(
            Router.of(route.andThen(routes -> routes.onError(Error.class, (r, e) -> null))::accept)
                .find(Method.GET, "/none")
                .endpoint()
                .onEventLoop())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a              | /a              | twice the same route",
        "/a/{b}          | /a/{c}          | twice the same route",
        "/{x:int}        | /{y:int}        | twice the same route",
        "/{x...}         | /{y...}         | twice the same route",
        "/{a:[0-9]+}     | /{a:[0-9]*}     | ambiguous routes",
        "/{a}-x          | /y-{a}          | ambiguous routes",
        "/{a}.{b}        | /{a}-{b}        | ambiguous routes",
      })
  void whatCannotBeToldApartIsRefusedWithBothPlaces(String one, String other, String fault) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Router.of(
                    routes -> {
                      routes.get(one, OK);
                      routes.get(other, OK);
                    }))
        .withMessageMatching(
            fault
                + ": GET \\Q"
                + other
                + "\\E \\(RouterTest.java:\\d+\\) and GET \\Q"
                + one
                + "\\E \\(RouterTest.java:\\d+\\); remove one or make it match other paths");
  }

  @Test
  void theTwoPlacesAreTheLinesWhereTheRoutesStand() {
    StackTraceElement here = new Throwable().getStackTrace()[0];
    int line = here.getLineNumber();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Router.of(
                    routes -> {
                      routes.get("/a", OK); // 7 lines below the first of this test
                      routes.group("/a", group -> group.filter((request, next) -> null));
                      routes.get("/a", OK);
                    }))
        .withMessageContaining("RouterTest.java:" + (line + 8))
        .withMessageContaining("RouterTest.java:" + (line + 10));
  }

  @Test
  void twoMethodsOfOnePathAreTwoRoutes() {
    Router router =
        Router.of(
            routes -> {
              routes.get("/a", OK);
              routes.post("/a", OK);
              routes.route(Method.of("PURGE"), "/a", OK);
            });

    assertThat(router.find(Method.of("PURGE"), "/a").endpoint().route()).isEqualTo("/a");
  }

  @Test
  void routesThatComeTooLateAreRefused() {
    Routes[] kept = new Routes[1];
    Routes[] group = new Routes[1];
    Router.of(
        routes -> {
          kept[0] = routes;
          routes.group("/g", inner -> group[0] = inner);
        });
    String sentence =
        "the app has been made and its routes are fixed: register them inside App.of(routes ->"
            + " ...)";

    assertThatIllegalStateException()
        .isThrownBy(() -> kept[0].get("/late", OK))
        .withMessage(sentence);
    assertThatIllegalStateException().isThrownBy(() -> group[0].get("/late", OK));
    assertThatIllegalStateException().isThrownBy(() -> kept[0].group("/late", inner -> {}));
    assertThatIllegalStateException().isThrownBy(() -> kept[0].filter((r, next) -> null));
    assertThatIllegalStateException()
        .isThrownBy(() -> kept[0].onError(Error.class, (r, e) -> null));
    assertThatIllegalStateException().isThrownBy(() -> kept[0].trailingSlash(TrailingSlash.STRICT));
  }

  @Test
  void whatMakesNoSenseIsRefusedWithASentence() {
    Router.of(
        routes -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> routes.get("users", OK))
              .withMessage("a path starts with a slash: 'users'");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> routes.group("/api/", inner -> {}))
              .withMessage(
                  "a group's prefix has no slash at its end, its routes begin with one: '/api/'");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> routes.group("api", inner -> {}))
              .withMessage("a path starts with a slash: 'api'");
          routes.onError(Error.class, (request, error) -> Response.of(500));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> routes.onError(Error.class, (r, e) -> Response.of(500)))
              .withMessageContaining("java.lang.Error has an error handler in this scope already");
          assertThatNullPointerException().isThrownBy(() -> routes.get("/", null));
        });
  }

  @Test
  void aBodyLimitThatNoArrayCouldHoldIsForStreamingRoutesOnly() {
    Router.of(routes -> routes.post("/", OK).maxBody(1L << 40).streaming());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.of(routes -> routes.post("/", OK).maxBody(Integer.MAX_VALUE)))
        .withMessageMatching(
            "POST / \\(RouterTest.*\\): .*; read a larger one with streaming\\(\\)");
    Router.of(
        routes ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.post("/", OK).maxBody(-1))
                .withMessage("maxBody is 0 bytes or more, not -1"));
  }

  @Test
  void aStreamingRouteMayNotBeOnTheEventLoop() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.of(routes -> routes.post("/", OK).streaming().onEventLoop()))
        .withMessageContaining("drop onEventLoop()");
  }

  @Test
  void aRouteIsFixedOnceTheAppIsMade() {
    List<Route> kept = new ArrayList<>();
    Router.of(routes -> kept.add(routes.get("/a", OK)));
    Route late = kept.get(0);

    List<Runnable> changes =
        List.of(
            () -> late.filter((request, next) -> Response.of(401)),
            () -> late.maxBody(1),
            () -> late.named("a"),
            late::streaming,
            late::onEventLoop);
    for (Runnable change : changes) {
      assertThatIllegalStateException()
          .isThrownBy(change::run)
          .withMessageStartingWith("the app has been made and its routes are fixed");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what people without a checker may do
  void whatIsNullOrBlankIsRefusedInASentence() {
    Router.of(
        routes -> {
          assertThatNullPointerException()
              .isThrownBy(() -> routes.get(null, OK))
              .withMessage("a path may not be null; the shortest is \"/\"");
          assertThatNullPointerException()
              .isThrownBy(() -> routes.group(null, group -> {}))
              .withMessage("a path may not be null; the shortest is \"/\"");
          assertThatNullPointerException()
              .isThrownBy(() -> routes.route(null, "/", OK))
              .withMessage("a route needs a method: Method.GET");
          assertThatNullPointerException()
              .isThrownBy(() -> routes.onError(null, (request, error) -> Response.of(500)))
              .withMessage("an error handler needs a class of exceptions");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> routes.get("/a", OK).named(" "))
              .withMessage("a route's name may not be blank; leave it out");
        });
  }

  private static Response call(Router router, Method method, String target) throws Exception {
    Match match = router.find(method, Request.pathOf(target));
    return match
        .endpoint()
        .handler()
        .handle(Request.of(method, target).routed(match.endpoint().route(), match.params()));
  }
}
