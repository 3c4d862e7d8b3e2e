package dev.postlude.routing;

import static dev.postlude.routing.Served.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Endpoint;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route a request finds, and what is answered where there is none. */
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
}
