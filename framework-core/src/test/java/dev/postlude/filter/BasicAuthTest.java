package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.later;
import static dev.postlude.filter.InMemory.tasks;
import static dev.postlude.filter.InMemory.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthTest {
  private static final BasicAuth AUTH =
      BasicAuth.of("admin", Map.of("ada", "p:a ss", "bob", "\u00fcber"));
  private static final Handler WHO =
      request -> Response.text(request.get(BasicAuth.USER)).background("t", () -> {});

  private static String basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static Request with(String authorization) {
    return Request.get("/").header("Authorization", authorization);
  }

  @ParameterizedTest
  @CsvSource({"ada,ada:p:a ss", "bob,bob:\u00fcber"})
  void whoHasThePasswordIsLetInByName(String user, String credentials) throws Exception {
    Response response = answer(AUTH, with(basic(credentials)), WHO);

    assertThat(response.status()).isEqualTo(200);
    assertThat(text(response)).isEqualTo(user);
    assertThat(tasks(response)).containsExactly("t");
  }

  @Test
  void theSchemesNameIsReadInAnyCase() throws Exception {
    String credentials = basic("ada:p:a ss").substring("Basic".length());

    assertThat(answer(AUTH, with("bAsIc" + credentials), WHO).status()).isEqualTo(200);
    assertThat(answer(AUTH, with("Basic  " + credentials), WHO).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada:wrong",
        "ada:",
        "ada",
        "",
        ":",
        "eve:p:a ss",
        "ADA:p:a ss",
        "ada:p:a ss ",
        "bob:p:a ss",
        "ada:p:a ss\n",
        "ada\u0000:p:a ss"
      })
  void othersAreChallenged(String credentials) throws Exception {
    assertRefused(answer(AUTH, with(basic(credentials)), WHO));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic", "Basic ", "Basic %%%", "Bearer YWRhOnA6YSBzcw==", "ada:p:a ss"})
  void whatIsNotBasicIsChallenged(String authorization) throws Exception {
    assertRefused(answer(AUTH, with(authorization), WHO));
  }

  @Test
  void nothingIsChallenged() throws Exception {
    assertRefused(answer(AUTH, Request.get("/"), WHO));
  }

  private static void assertRefused(Response response) {
    assertThat(response.status()).isEqualTo(401);
    assertThat(header(response, "WWW-Authenticate"))
        .isEqualTo("Basic realm=\"admin\", charset=\"UTF-8\"");
    assertThat(tasks(response)).isEmpty();
  }

  @Test
  void aCheckOfOnesOwnDecides() throws Exception {
    BasicAuth auth = BasicAuth.of("x", (user, password) -> user.equals(password));

    assertThat(text(answer(auth, with(basic("a:a")), WHO))).isEqualTo("a");
    assertThat(answer(auth, with(basic("a:b")), WHO).status()).isEqualTo(401);
    assertThat(text(answer(auth, with(basic("a:a")), later(WHO)))).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb:x", "a:x\u0000", "a\u0085:x"})
  void noControlCharacterReachesIt(String credentials) throws Exception {
    BasicAuth auth = BasicAuth.of("x", (user, password) -> true);

    assertThat(answer(auth, with(basic(credentials)), WHO).status()).isEqualTo(401);
  }

  @Test
  void aFailingCheckLetsNobodyIn() throws Exception {
    BasicAuth auth =
        BasicAuth.of(
            "x",
            (user, password) -> {
              throw new IllegalStateException("expected by this test");
            });

    assertThat(answer(auth, with(basic("a:a")), WHO).status()).isEqualTo(500);
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertRefused(() -> BasicAuth.of("x", Map.of()), "name a user");
    assertRefused(() -> BasicAuth.of("x", Map.of("a:b", "c")), "holds no colon");
    assertRefused(() -> BasicAuth.of("x", Map.of("", "c")), "is not empty");
    assertRefused(() -> BasicAuth.of("x", Map.of("a", "")), "the password of 'a' is empty");
    assertRefused(() -> BasicAuth.of("x\"y", Map.of("a", "b")), "without quotes");
    assertRefused(() -> BasicAuth.of("x\r\ny", Map.of("a", "b")), "printable ASCII");
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aClientThatIsChallengedComesAgainAndItsTaskKnowsTheUser() throws Exception {
    CompletableFuture<String> user = new CompletableFuture<>();
    App app =
        App.of(
            routes -> {
              routes.filter(AUTH);
              routes.get(
                  "/",
                  request ->
                      Response.text("in")
                          .background(
                              "t",
                              context ->
                                  user.complete(
                                      context.attribute(BasicAuth.USER).orElse("nobody"))));
            });
    HttpClient client =
        HttpClient.newBuilder()
            .authenticator(
                new Authenticator() {
                  @Override
                  protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication("ada", "p:a ss".toCharArray());
                  }
                })
            .build();
    try (Server server = app.start(0)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
              .timeout(Duration.ofSeconds(10))
              .build();

      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("in");
      assertThat(user.get(10, TimeUnit.SECONDS)).isEqualTo("ada");
    }
  }
}
