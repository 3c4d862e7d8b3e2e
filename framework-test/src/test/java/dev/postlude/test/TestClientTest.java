package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.postlude.App;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.ServerOptions;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestClientTest {
  record Account(String name, int age) {}

  private static final App APP =
      App.of(
          routes -> {
            routes.get("/hello", request -> Response.text("hello"));
            routes.get("/account", request -> Response.json(new Account("Ann", 7)));
            routes.get("/accounts", request -> Response.json(List.of(new Account("Ann", 7))));
            routes.get("/null", request -> Response.json(null));
            routes.get("/query", request -> Response.text(request.query("q").orElse("-")));
            routes.get("/to", request -> Response.redirect("/hello"));
            routes.get(
                "/latin",
                request ->
                    Response.text("x")
                        .header("Content-Type", "text/plain; charset=iso-8859-1")
                        .addHeader("X-Two", "1")
                        .addHeader("X-Two", "2"));
            for (Method method : List.of(Method.POST, Method.PUT, Method.PATCH, Method.DELETE)) {
              routes.route(method, "/echo", TestClientTest::echo);
            }
            routes.route(Method.of("PURGE"), "/echo", TestClientTest::echo);
          });

  private static Response echo(Request request) {
    return Response.text(
        request.method()
            + " "
            + request.header("Content-Type").orElse("-")
            + " "
            + request.header("X-Mine").orElse("-")
            + " "
            + request.text());
  }

  @RegisterExtension static final TestClient client = TestClient.of(APP);

  @Test
  void aCallReturnsWhatTheAppAnswered() {
    TestResponse response = client.get("/hello");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.bytes()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(response.header("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(response.tasks()).isEmpty();
    assertThat(response).asString().startsWith("200\n").endsWith("\nhello");
  }

  @Test
  void thereIsAMethodForEachMethod() {
    assertThat(client.post("/echo").text()).isEqualTo("POST - - ");
    assertThat(client.post("/echo", "text").text())
        .isEqualTo("POST text/plain; charset=utf-8 - text");
    assertThat(client.put("/echo", new Account("Ann", 7)).text())
        .isEqualTo("PUT application/json - {\"name\":\"Ann\",\"age\":7}");
    assertThat(client.patch("/echo", "raw".getBytes(StandardCharsets.UTF_8)).text())
        .isEqualTo("PATCH - - raw");
    assertThat(client.delete("/echo").text()).isEqualTo("DELETE - - ");
    assertThat(client.head("/hello").header("Content-Length")).hasValue("5");
    assertThat(client.head("/hello").bytes()).isEmpty();
    assertThat(client.options("/hello").header("Allow")).hasValue("GET, HEAD, OPTIONS");
  }

  @Test
  void aRequestCanSayMore() {
    TestRequest request =
        client.request(Method.of("PURGE"), "/echo").header("X-Mine", "yes").body("all");
    assertThat(request.send().text()).isEqualTo("PURGE text/plain; charset=utf-8 yes all");
    assertThat(request.header("Content-Type", "text/csv").send().text())
        .as("a copy")
        .isEqualTo("PURGE text/csv yes all");
    assertThat(
            client
                .request(Method.POST, "/echo")
                .header("Content-Type", "application/merge-patch+json")
                .json(null)
                .send()
                .text())
        .isEqualTo("POST application/merge-patch+json - null");
    assertThat(client.get("/query?q=a%20b").text()).isEqualTo("a b");
  }

  @Test
  void jsonIsReadAsTheTypeThatIsAskedFor() {
    assertThat(client.get("/account").json(Account.class)).isEqualTo(new Account("Ann", 7));
    Account[] all = client.get("/accounts").json(Account[].class);
    assertThat(all).containsExactly(new Account("Ann", 7));
  }

  @Test
  void jsonThatDoesNotFitShowsTheResponse() {
    assertThatThrownBy(() -> client.get("/hello").json(Account.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not hold a")
        .hasMessageContaining("not valid JSON")
        .hasMessageEndingWith("hello");
    assertThatThrownBy(() -> client.get("/null").json(Account.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("it is null");
  }

  @Test
  void headersKeepTheirValuesInOrder() {
    TestResponse response = client.get("/latin");
    assertThat(response.headers().all("X-Two")).containsExactly("1", "2");
    assertThat(response.text()).isEqualTo("x");
  }

  @Test
  void plainCallsFollowNoRedirect() {
    TestResponse response = client.get("/to");
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.header("Location")).hasValue("/hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "", "http://localhost/hello", "/with space", "/a#b"})
  void whatIsNoPathIsRefusedWithASentence(String path) {
    assertThatThrownBy(() -> client.get(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path);
  }

  @Test
  void aHeaderThatTheJdkKeepsToItselfIsRefusedWithASentence() {
    assertThatThrownBy(() -> client.request(Method.GET, "/hello").header("Host", "x").send())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("given()");
    client.given().header("Host", "example.org").get("/hello").then().statusCode(200);
  }

  @Test
  void restAssuredIsPointedAtTheApp() {
    ValidatableResponse account = client.given().get("/account").then().statusCode(200);
    account.body("name", equalTo("Ann")).body("age", equalTo(7));
    client.given().queryParam("q", "tea").get("/query").then().body(equalTo("tea"));
    client.given().body("x").post("/echo").then().statusCode(200);
  }

  @Test
  void theAppKeepsItsOwnOptions() {
    App small = APP.with(APP.server().maxBody(3).host("0.0.0.0"));
    try (TestClient own = TestClient.of(small)) {
      assertThat(own.post("/echo", "four").status()).isEqualTo(413);
      assertThat(own.post("/echo", "two").status()).isEqualTo(200);
    }
  }

  @Test
  void itListensOnTheLoopbackAddressOnlyAndTwoClientsDoNotMeet() throws IOException {
    try (TestClient one = TestClient.of(APP.with(ServerOptions.onPort(8080)));
        TestClient other = TestClient.of(APP)) {
      assertThat(one.port()).isNotEqualTo(other.port()).isNotEqualTo(8080);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.port())) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void aClosedClientSaysSo() {
    TestClient closed = TestClient.of(APP);
    int port = closed.port();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.get("/hello"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anUnusedClientStartsNothing() {
    TestClient.of(APP).close();
  }

  @Test
  void aHandlerThatTakesTooLongIsShown() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    App slow =
        App.of(
            routes ->
                routes.get(
                    "/slow",
                    request -> {
                      waitFor(latch);
                      return Response.noContent();
                    }));
    try (TestClient own = TestClient.of(slow)) {
      own.get("/warm-up");
      own.given().get("/warm-up");
      try {
        assertThatThrownBy(() -> own.waitAtMost(Duration.ofSeconds(1)).get("/slow"))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("GET /slow")
            .hasMessageContaining("waitAtMost")
            .satisfies(error -> assertThat(stack(error)).contains("waitFor"));
        assertThatThrownBy(() -> own.waitAtMost(Duration.ofSeconds(1)).given().get("/slow"))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("GET /slow")
            .satisfies(error -> assertThat(stack(error)).contains("waitFor"));
      } finally {
        latch.countDown();
      }
    }
  }

  @Test
  void aConnectionThatBreaksIsAnErrorThatNamesTheCall() {
    App app = App.of(routes -> routes.get("/x", request -> Response.text("x")));
    TestClient own = TestClient.of(app);
    own.server().close();
    assertThatThrownBy(() -> own.get("/x"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("GET /x");
    own.close();
  }

  @Test
  void waitingForNoTimeIsRefused() {
    assertThatThrownBy(() -> client.waitAtMost(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fireAndForget()");
  }

  private static void waitFor(CountDownLatch latch) throws InterruptedException {
    latch.await();
  }

  private static String stack(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? "" : List.of(cause.getStackTrace()).toString();
  }
}
