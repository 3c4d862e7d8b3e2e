package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.MediaType;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages for error responses, and what an error looks like without one. */
class StatusPageTest {
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  private static Response get(String path, Routes.Body<RuntimeException> routes) throws Exception {
    return known(App.of(routes).handle(Request.get(path)));
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

  private static StatusPage page(String name) {
    return (request, response) -> Response.html(response.status(), name);
  }

  private static Handler throwing(Exception error) {
    return request -> {
      throw error;
    };
  }

  private static Handler later(Handler handler) {
    return request -> Response.async(CompletableFuture.completedFuture(handler.handle(request)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/none", "/answered", "/empty", "/thrown", "/mapped", "/later", "/failed", "/%zz"})
  void aPageStandsForItsStatusHoweverThatComesUp(String path) throws Exception {
    Response response =
        get(
            path,
            routes -> {
              routes.onStatus(404, page("no such page"));
              routes.onStatus(400, page("no such page"));
              routes.onError(IllegalStateException.class, (request, error) -> Response.of(404));
              routes.get("/answered", request -> Response.text(404, "plain"));
              routes.get("/empty", request -> Response.of(404));
              routes.get("/thrown", throwing(new HttpException(404, "")));
              routes.get("/mapped", throwing(new IllegalStateException()));
              routes.get("/later", later(request -> Response.of(404)));
              routes.get(
                  "/failed",
                  r -> Response.async(CompletableFuture.failedFuture(new HttpException(404, ""))));
            });

    assertThat(response.status()).isIn(404, 400);
    assertThat(text(response)).isEqualTo("no such page");
  }

  @Test
  void otherStatusesAreLeftAlone() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onStatus(404, page("page"));
              routes.get("/", request -> Response.text("fine"));
            });

    assertThat(text(response)).isEqualTo("fine");
  }

  @Test
  void theInnermostScopesPageIsAsked() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.onStatus(409, page("app 409"));
          routes.onStatus(410, page("app 410"));
          routes.get("/409", request -> Response.of(409));
          routes.group(
              "/g",
              group -> {
                group.get("/409", request -> Response.of(409));
                group.get("/410", request -> Response.of(410));
                group.onStatus(409, page("group 409"));
                group.onStatus(405, page("group 405"));
                group.post("/posted", request -> Response.noContent());
              });
          routes.post("/posted", request -> Response.noContent());
        };

    assertThat(text(get("/409", app))).isEqualTo("app 409");
    assertThat(text(get("/g/409", app))).isEqualTo("group 409");
    assertThat(text(get("/g/410", app))).isEqualTo("app 410");
    assertThat(text(get("/g/posted", app))).isEqualTo("group 405");
    assertThat(text(get("/posted", app))).contains("Method Not Allowed");
  }

  @Test
  void aPageIsAskedOnceHoweverManyFiltersThereAre() throws Exception {
    List<String> asked = new ArrayList<>();
    Response response =
        get(
            "/",
            routes -> {
              routes.onStatus(
                  404,
                  (request, answer) -> {
                    asked.add(request.path());
                    return Response.html(404, "page");
                  });
              routes.filter((request, next) -> next.handle(request).map(r -> r.header("A", "a")));
              routes.filter((request, next) -> later(next).handle(request));
              routes.filter((request, next) -> next.handle(request).map(r -> r.header("B", "b")));
              routes.get("/", request -> Response.of(404));
            });

    assertThat(asked).containsExactly("/");
    assertThat(response.headers())
        .hasToString("Content-Type: text/html; charset=utf-8\nB: b\nA: a\n");
  }

  @Test
  void whatAFilterAnswersItselfHasAPageToo() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.onStatus(401, page("401"));
          routes.onStatus(404, page("404"));
          routes.onStatus(410, page("410"));
          routes.filter((request, next) -> next.handle(request));
          routes.get("/own", r -> Response.noContent()).filter((request, next) -> Response.of(401));
          routes
              .get("/thrown", r -> Response.noContent())
              .filter(
                  (request, next) -> {
                    next.handle(request);
                    throw new HttpException(401, "");
                  });
          routes
              .get("/changed", r -> Response.of(404))
              .filter((request, next) -> next.handle(request).map(r -> r.status(410)));
        };

    assertThat(text(get("/own", app))).isEqualTo("401");
    assertThat(text(get("/thrown", app))).isEqualTo("401");
    assertThat(text(get("/changed", app))).isEqualTo("410");
  }

  @Test
  void filtersSeeThePage() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onStatus(404, page("page"));
              routes.filter(
                  (request, next) -> {
                    Response seen = next.handle(request);
                    return seen.header("Saw", text(seen));
                  });
            });

    assertThat(response.headers().find("Saw")).contains("page");
  }

  @Test
  void aPageMayChangeTheStatus() throws Exception {
    Response response =
        get(
            "/app/route",
            routes -> {
              routes.onStatus(404, (request, answer) -> Response.html("index"));
              routes.onStatus(500, page("not asked"));
            });

    assertThat(response.status()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("index");
  }

  /** S2. */
  @Test
  void aPageThatChangesWhatWasThereKeepsHeadersAndTasksAndOneThatIsNewDropsThem() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.onStatus(
              401, (request, answer) -> answer.content(MediaType.HTML, "<h1>Who?</h1>"));
          routes.onStatus(402, page("new"));
          routes.get("/kept", throwing(refusal(401)));
          routes.get("/new", throwing(refusal(402)));
        };

    Response kept = get("/kept", app);
    assertThat(kept.headers().find("WWW-Authenticate")).contains("Basic");
    assertThat(kept.headers().all("Content-Type")).containsExactly(MediaType.HTML);
    assertThat(kept.headers().contains("Content-Encoding")).isFalse();
    assertThat(text(kept)).isEqualTo("<h1>Who?</h1>");
    assertThat(kept.tasks().list()).hasSize(1);
    Response made = get("/new", app);
    assertThat(made.headers().contains("WWW-Authenticate")).isFalse();
    assertThat(made.tasks().list()).isEmpty();
  }

  private static HttpException refusal(int status) {
    return new HttpException(status, "")
        .header("WWW-Authenticate", "Basic")
        .header("Content-Encoding", "identity")
        .background("t", () -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"/none", "/later"})
  void aFailingPageIsAPlain500(String path) throws Exception {
    for (StatusPage failing : new StatusPage[] {throwingPage(), (request, response) -> null}) {
      Response response =
          get(
              path,
              routes -> {
                routes.onStatus(404, failing);
                routes.onStatus(500, page("not asked"));
                routes.onError(Exception.class, (request, error) -> notFound(error));
                routes.get("/later", later(request -> Response.of(404)));
              });

      assertThat(response.status()).isEqualTo(500);
      assertThat(text(response)).isEqualTo("Internal Server Error");
    }
    assertThat(log.all()).contains("no paper").contains("the page for 404 returned null");
  }

  private static Response notFound(Exception error) {
    assertThat(error).isInstanceOf(HttpException.class);
    return Response.of(404);
  }

  private static StatusPage throwingPage() {
    return (request, response) -> {
      throw new IllegalStateException("no paper");
    };
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatThrownBy(() -> App.of(routes -> routes.onStatus(302, page("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a status page is for an error, 400 to 599, not 302: use a filter");
    assertThatThrownBy(
            () ->
                App.of(
                    routes -> {
                      routes.onStatus(404, page("x"));
                      routes.onStatus(404, page("y"));
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("404 has a page in this scope already");
  }

  @Test
  void aPageRunsOnAWorkerLikeEverythingOfOnesOwn() {
    assertThat(onEventLoop(routes -> {})).isTrue();
    assertThat(onEventLoop(routes -> routes.onStatus(404, page("x")))).isFalse();
  }

  private static boolean onEventLoop(Routes.Body<RuntimeException> routes) {
    return Router.of(routes).find(Method.GET, "/none").endpoint().onEventLoop();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                                                         | text
          text/*                                                             | text
          text/plain, */*;q=0.1                                              | text
          application/json;q=0.5, text/plain                                 | text
          */*                                                                | json
          application/json                                                   | json
          application/problem+json, text/plain;q=0.9                         | json
          application/json, text/plain, */*                                  | json
          text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8    | json
          image/png                                                          | json
          text/html                                                          | json
          """)
  void anErrorIsTextForThoseWhoWouldRatherHaveThat(String accept, String kind) throws Exception {
    App app = App.of(routes -> routes.get("/bug", throwing(new IllegalStateException("secret"))));

    Response missing = app.handle(Request.get("/none").header("Accept", accept));
    Response bug = app.handle(Request.get("/bug").header("Accept", accept));

    boolean text = kind.equals("text");
    String type = text ? "text/plain; charset=utf-8" : "application/problem+json";
    assertThat(missing.headers()).hasToString("Content-Type: " + type + "\nVary: Accept\n");
    assertThat(text(missing))
        .isEqualTo(
            text
                ? "404 Not Found: nothing is here\n"
                : "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"nothing is here\"}");
    assertThat(bug.headers().find("Content-Type")).contains(type);
    assertThat(text(bug)).doesNotContain("secret").contains("Internal Server Error");
  }

  @Test
  void anErrorAsTextKeepsHeadersAndTasks() throws Exception {
    App app = App.of(routes -> routes.get("/", throwing(refusal(401))));

    Response response = app.handle(Request.get("/").header("Accept", "text/plain"));

    assertThat(text(response)).isEqualTo("401 Unauthorized\n");
    assertThat(response.headers().find("WWW-Authenticate")).contains("Basic");
    assertThat(response.tasks().list()).hasSize(1);
  }
}
