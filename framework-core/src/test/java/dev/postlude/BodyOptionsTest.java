package dev.postlude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.http.BodyOptions;
import dev.postlude.http.JsonOptions;
import dev.postlude.http.MultipartOptions;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import dev.postlude.wire.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How far an app reads what a client sent: as the app says, and no other app's way. */
class BodyOptionsTest {
  private static final BodyOptions SMALL =
      BodyOptions.defaults()
          .json(
              JsonOptions.defaults()
                  .maxDepth(2)
                  .maxName(3)
                  .maxNumber(4)
                  .maxTokens(8)
                  .trailing(true))
          .maxFields(2)
          .multipart(MultipartOptions.defaults().maxParts(1));

  private static void routes(Routes routes) {
    routes.post("/json", request -> Response.json(request.json(Object.class)));
    routes.post("/form", request -> Response.text(request.form().names().size() + ""));
    routes.post("/parts", request -> Response.text(request.multipart().parts().size() + ""));
    routes.group(
        "/wide",
        wide -> {
          wide.filter(
              (request, next) -> next.handle(request.with(BodyOptions.defaults().maxFields(3))));
          wide.post("/form", request -> Response.text(request.form().names().size() + ""));
        });
  }

  private static final App APP = App.of(BodyOptionsTest::routes);

  private static Request post(String path, String type, String body) {
    return Request.post(path)
        .header("Content-Type", type)
        .body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static int json(App app, String document) throws IOException {
    int inMemory = app.handle(post("/json", "application/json", document)).status();
    assertThat(overSocket(app, "/json", "application/json", document).status()).isEqualTo(inMemory);
    return inMemory;
  }

  private static int form(App app, String path, String form) throws IOException {
    String type = "application/x-www-form-urlencoded";
    int inMemory = app.handle(post(path, type, form)).status();
    assertThat(overSocket(app, path, type, form).status()).isEqualTo(inMemory);
    return inMemory;
  }

  private static Reply overSocket(App app, String path, String type, String body)
      throws IOException {
    try (Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      return client.send(Requests.post(path, body, "Content-Type: " + type)).read();
    }
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("depth", "[[1]]", "[[[1]]]"),
        Arguments.of("a name", "{\"abc\":1}", "{\"abcd\":1}"),
        Arguments.of("a number", "1234", "12345"),
        Arguments.of("tokens", "[1,2,3,4,5,6]", "[1,2,3,4,5,6,7]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void jsonIsReadWithinTheLimitsOfTheApp(String what, String within, String beyond)
      throws IOException {
    assertThat(json(APP.with(SMALL), within)).isEqualTo(200);
    assertThat(json(APP.with(SMALL), beyond)).isEqualTo(400);
    assertThat(json(APP, beyond)).as("another app").isEqualTo(200);
  }

  @Test
  void largerLimitsAreOnesToo() throws IOException {
    App wide =
        APP.with(
            BodyOptions.defaults()
                .json(JsonOptions.defaults().maxDepth(300).maxName(2_000).maxNumber(500)));

    assertThat(json(wide, "[".repeat(300) + "]".repeat(300))).isEqualTo(200);
    assertThat(json(wide, "{\"" + "n".repeat(2_000) + "\":1}")).isEqualTo(200);
    assertThat(json(wide, "9".repeat(500))).isEqualTo(200);
    assertThat(json(wide, "[".repeat(301) + "]".repeat(301))).isEqualTo(400);
  }

  @Test
  void whatFollowsADocumentIsPassedOverWhereTheAppSaysSo() throws IOException {
    assertThat(json(APP.with(SMALL), "1 x")).isEqualTo(200);
    assertThat(json(APP, "1 x")).isEqualTo(400);
  }

  @Test
  void aFormHasAsManyFieldsAsTheAppSays() throws IOException {
    assertThat(form(APP.with(SMALL), "/form", "a=1&b=2")).isEqualTo(200);
    assertThat(form(APP.with(SMALL), "/form", "a=1&b=2&c=3")).isEqualTo(413);
    assertThat(form(APP, "/form", "a=1&b=2&c=3")).isEqualTo(200);
  }

  @Test
  void aFilterHasItsRoutesReadOtherwise() throws IOException {
    assertThat(form(APP.with(SMALL), "/wide/form", "a=1&b=2&c=3")).isEqualTo(200);
    assertThat(form(APP.with(SMALL), "/wide/form", "a=1&b=2&c=3&d=4")).isEqualTo(413);
  }

  @Test
  void multipartFormsAreReadWithinTheLimitsOfTheApp() throws IOException {
    String part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n";
    String type = "multipart/form-data; boundary=x";

    App app = APP.with(SMALL);
    assertThat(overSocket(app, "/parts", type, part + "--x--\r\n").status()).isEqualTo(200);
    assertThat(overSocket(app, "/parts", type, part + part + "--x--\r\n").status()).isEqualTo(413);
    assertThat(overSocket(APP, "/parts", type, part + part + "--x--\r\n").text()).isEqualTo("2");
  }

  private static Arguments refused(UnaryOperator<BodyOptions> change, String sentence) {
    return Arguments.of(change, sentence);
  }

  static Stream<Arguments> refusals() {
    JsonOptions json = JsonOptions.defaults();
    return Stream.of(
        refused(o -> o.maxFields(0), "maxFields is 1 or more, not 0"),
        refused(o -> o.json(json.maxDepth(0)), "maxDepth is 1 or more, not 0"),
        refused(o -> o.json(json.maxDepth(2_000_000)), "maxDepth is 1000000 at most, not 2000000"),
        refused(o -> o.json(json.maxName(-1)), "maxName is 1 or more, not -1"),
        refused(o -> o.json(json.maxNumber(0)), "maxNumber is 1 or more, not 0"),
        refused(o -> o.json(json.maxTokens(0)), "maxTokens is 1 or more, not 0"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void refusals(UnaryOperator<BodyOptions> change, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.apply(BodyOptions.defaults()))
        .withMessage(sentence);
  }
}
