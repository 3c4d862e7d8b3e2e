package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTreeTest {
  private static final Handler OK = request -> Response.of(200);

  private static final List<String> PATTERNS =
      List.of(
          "/",
          "/users",
          "/users/me",
          "/users/{id:int}",
          "/users/{id:uuid}",
          "/users/{id}",
          "/users/{id}/posts",
          "/users/{id:int}/posts/{post}",
          "/users/me/posts/new",
          "/files/{path...}",
          "/files/index",
          "/files/{name}.{ext}",
          "/files/report-{year:[0-9]{4}}.pdf",
          "/{page}",
          "/{page}/{rest...}",
          "/caf\u00e9",
          "/a b/{x}",
          "/slash/");

  private static final Map<String, String> ANSWERS = new TreeMap<>();

  static {
    ANSWERS.put("/", "/ []");
    ANSWERS.put("/users", "/users []");
    ANSWERS.put("/users/me", "/users/me []");
    ANSWERS.put("/users/m%65", "/users/me []");
    ANSWERS.put("/users/7", "/users/{id:int} [7]");
    ANSWERS.put("/users/%37", "/users/{id:int} [7]");
    ANSWERS.put("/users/99999999999", "/users/{id} [99999999999]");
    ANSWERS.put(
        "/users/00000000-0000-0001-0000-000000000002",
        "/users/{id:uuid} [00000000-0000-0001-0000-000000000002]");
    ANSWERS.put("/users/bob", "/users/{id} [bob]");
    ANSWERS.put("/users/a%2Fb", "/users/{id} [a/b]");
    ANSWERS.put("/users/me%2Fposts", "/users/{id} [me/posts]");
    ANSWERS.put("/users/a+b", "/users/{id} [a+b]");
    ANSWERS.put("/users/bob/posts", "/users/{id}/posts [bob]");
    ANSWERS.put("/users/me/posts", "/users/{id}/posts [me]"); // back from the literal
    ANSWERS.put("/users/me/posts/new", "/users/me/posts/new []");
    ANSWERS.put("/users/7/posts", "/users/{id}/posts [7]"); // back from the typed one
    ANSWERS.put("/users/7/posts/8", "/users/{id:int}/posts/{post} [7, 8]");
    ANSWERS.put("/users/bob/posts/8", "/{page}/{rest...} [users, bob/posts/8]");
    ANSWERS.put("/files/", "/files/{path...} []");
    ANSWERS.put("/files/a/b/c", "/files/{path...} [a/b/c]");
    ANSWERS.put("/files/a%2Fb/c", "/files/{path...} [a/b/c]");
    ANSWERS.put("/files/../x", "/files/{path...} [../x]");
    ANSWERS.put("/files/index", "/files/index []");
    ANSWERS.put("/files/a.txt", "/files/{name}.{ext} [a, txt]");
    ANSWERS.put("/files/report-2024.pdf", "/files/report-{year:[0-9]{4}}.pdf [2024]");
    ANSWERS.put("/files/report-24.pdf", "/files/{name}.{ext} [report-24, pdf]");
    ANSWERS.put("/files/a", "/files/{path...} [a]");
    ANSWERS.put("/about", "/{page} [about]");
    ANSWERS.put("/files", "/{page} [files]");
    ANSWERS.put("/caf%C3%A9", "/caf\u00e9 []");
    ANSWERS.put("/a%20b/1", "/a b/{x} [1]");
    ANSWERS.put("/slash/", "/slash/ []");
    ANSWERS.put("/slash", "/{page} [slash]");
    ANSWERS.put("//", "none");
    ANSWERS.put("//users", "none");
  }

  @Test
  void theAnswerDoesNotDependOnTheOrderOfRegistration() {
    Random random = new Random(17);
    List<String> patterns = new ArrayList<>(PATTERNS);
    for (int i = 0; i < 200; i++) {
      Router router = router(patterns);
      Map<String, String> answers = new TreeMap<>();
      ANSWERS.keySet().forEach(path -> answers.put(path, find(router, path)));

      assertThat(answers).as("registered as " + patterns).isEqualTo(ANSWERS);
      Collections.shuffle(patterns, random);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/{a:[0-9]+}/x       | /{b:[0-9a-f]+}/{c}   | /12/x",
        "/a-{x}/one          | /{y}-a/{z}           | /a-b-a/one",
        "/{a:[0-9]+}/{b...}  | /{c:[0-9a-f]+}/{d}   | /12/x",
      })
  void norDoesItWhereTwoExpressionsTakeTheSameSegment(String one, String other, String path) {
    assertThat(find(router(List.of(one, other)), path))
        .isNotEqualTo("none")
        .isEqualTo(find(router(List.of(other, one)), path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/{name}.json        | /{name}.html         | /a.html    | /{name}.html [a]",
        "/{name}.json        | /{name}.html         | /a.json    | /{name}.json [a]",
        "/a-{x}              | /b-{x}               | /b-1       | /b-{x} [1]",
      })
  void textAroundParametersTellsRoutesApart(
      String one, String other, String path, String expected) {
    assertThat(find(router(List.of(one, other)), path)).isEqualTo(expected);
    assertThat(find(router(List.of(other, one)), path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"/%", "/users/%zz", "/users/%C3", "/%00", "/users/me/%2"})
  void malformedEncodingIsA400(String path) throws Exception {
    Match match = router(PATTERNS).find(Method.GET, path);

    assertThat(match.endpoint().handler().handle(Request.get(path)).status()).isEqualTo(400);
  }

  @Test
  void aRouteOfAnotherMethodDoesNotHideALessParticularOne() {
    Router router =
        Router.of(
            routes -> {
              routes.post("/users/me", OK);
              routes.get("/users/{id}", OK);
            });

    assertThat(find(router, "/users/me")).isEqualTo("/users/{id} [me]");
  }

  @Test
  void theMethodsOfEveryRouteForThePathAreCollected() throws Exception {
    Router router =
        Router.of(
            routes -> {
              routes.post("/users/me", OK);
              routes.get("/users/{id}", OK);
              routes.put("/users/{id:int}", OK);
              routes.patch("/{rest...}", OK);
            });
    Match match = router.find(Method.DELETE, "/users/me");
    Response response = match.endpoint().handler().handle(Request.of(Method.DELETE, "/users/me"));

    assertThat(response.headers().find("Allow")).contains("GET, HEAD, OPTIONS, PATCH, POST");
  }

  @Test
  void manyBranchesThatAllFailAtTheLastSegmentAreSoonDone() {
    StringBuilder pattern = new StringBuilder();
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      pattern.append("/{p").append(i).append('}');
      path.append("/a");
    }
    Router router = router(List.of(pattern + "/x", pattern + "/{n:int}"));

    assertThat(find(router, path + "/y")).isEqualTo("none");
    assertThat(find(router, path + "/7")).endsWith(" [a, a, a, a, a, a, a, a, a, a, a, a, 7]");
  }

  @Test
  void aTypeOfTheAppsOwnIsLikeAnyOther() {
    Router router =
        Router.of(
            routes -> {
              routes.paramType("even", value -> value.matches("[0-9]*[02468]"));
              routes.get("/{n:even}", OK);
              routes.get("/{n}", OK);
              routes.get("/x-{n:even}.{ext}", OK);
            });

    assertThat(find(router, "/12")).isEqualTo("/{n:even} [12]");
    assertThat(find(router, "/13")).isEqualTo("/{n} [13]");
    assertThat(find(router, "/x-12.txt")).isEqualTo("/x-{n:even}.{ext} [12, txt]");
    assertThat(find(router, "/x-13.txt")).isEqualTo("/{n} [x-13.txt]");
  }

  private static Router router(List<String> patterns) {
    return Router.of(
        routes -> {
          routes.trailingSlash(TrailingSlash.STRICT);
          patterns.forEach(pattern -> routes.get(pattern, OK));
        });
  }

  private static String find(Router router, String path) {
    Match match = router.find(Method.GET, path);
    Params params = match.params();
    return match.endpoint().route().isEmpty()
        ? "none"
        : match.endpoint().route() + " " + params.names().stream().map(params::get).toList();
  }
}
