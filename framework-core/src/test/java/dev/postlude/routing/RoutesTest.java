package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.postlude.http.Handler;
import dev.postlude.http.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused while routes are written down, and in which words. */
class RoutesTest {
  private static final Handler OK = request -> Response.text(request.route());

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
                + "\\E \\(RoutesTest.java:\\d+\\) and GET \\Q"
                + one
                + "\\E \\(RoutesTest.java:\\d+\\); remove one or make it match other paths");
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
        .withMessageContaining("RoutesTest.java:" + (line + 8))
        .withMessageContaining("RoutesTest.java:" + (line + 10));
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
            "POST / \\(RoutesTest.*\\): .*; read a larger one with streaming\\(\\)");
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
}
