package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.postlude.App;
import dev.postlude.http.Cookie;
import dev.postlude.http.Method;
import dev.postlude.http.Part;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.TypeOf;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of the other kinds, which keep the same promise, in the clear and over TLS. */
class OtherCallsTest {
  record Account(String name, int age) {}

  private static final Set<String> DONE = ConcurrentHashMap.newKeySet();

  private static final App APP =
      App.of(
          routes -> {
            routes.get("/accounts", request -> Response.json(List.of(new Account("Ann", 7))));
            routes.get("/secure", request -> Response.text("" + request.secure()));
            routes.post(
                "/form",
                request -> Response.text(request.form().get("a") + "|" + request.form().get("ü")));
            routes.post("/upload", OtherCallsTest::upload);
            routes.get(
                "/count/{run}",
                request ->
                    Response.events(
                            events -> {
                              events.send("1");
                              events.send("a", "tick", "2\n3");
                              events.send("4");
                            })
                        .background("note", () -> DONE.add(request.param("run"))));
            routes.get(
                "/endless/{run}",
                request ->
                    Response.events(
                            events -> {
                              events.send("hello");
                              new CountDownLatch(1).await();
                            })
                        .background("note", () -> DONE.add(request.param("run"))));
            routes.get(
                "/broken",
                request ->
                    Response.events(
                        events -> {
                          events.send("hello");
                          throw new IllegalStateException("on purpose");
                        }));
            routes.get(
                "/failing-task",
                request ->
                    Response.events(events -> events.send("hello"))
                        .background(
                            "fails",
                            () -> {
                              throw new IllegalStateException("on purpose");
                            }));
            routes.webSocket(
                "/echo",
                request -> {
                  request.onFinish(exchange -> DONE.add("socket"));
                  return new Echo();
                });
            routes.get("/log-in", request -> Response.noContent().cookie(Cookie.of("id", "7")));
            routes.get("/me", request -> Response.text(request.cookie("id").orElse("nobody")));
          });

  private static Response upload(Request request) throws IOException {
    Part photo = request.multipart().get("photo");
    return Response.text(
        request.multipart().fields().get("title")
            + " "
            + photo.filename().orElseThrow()
            + " "
            + photo.contentType().orElseThrow()
            + " "
            + photo.text());
  }

  private static final class Echo implements WebSocketListener {
    @Override
    public void text(WebSocket socket, String text) throws IOException {
      if (text.equals("bye")) {
        socket.close(4000, "as you say");
      } else {
        socket.send(text);
      }
    }

    @Override
    public void binary(WebSocket socket, byte[] bytes) throws IOException {
      socket.send(bytes);
    }
  }

  @RegisterExtension static final TestClient plain = TestClient.of(APP);
  @RegisterExtension static final TestClient secure = TestClient.of(APP).secure();

  private static TestClient of(boolean tls) {
    return tls ? secure : plain;
  }

  /** In a hurry with what does not come, but not on a busy machine with what does. */
  private static TestClient hasty(TestClient client) {
    return client.waitAtMost(Duration.ofSeconds(3)).fireAndForget();
  }

  @Test
  void jsonIsReadAsATypeWithArguments() {
    List<Account> accounts = plain.get("/accounts").json(new TypeOf<List<Account>>() {});
    assertThat(accounts).containsExactly(new Account("Ann", 7));
    assertThatThrownBy(() -> plain.get("/accounts").json(new TypeOf<Map<String, Account>>() {}))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not hold a java.util.Map");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void formsAreSent(boolean tls) {
    TestClient client = of(tls);
    TestRequest form = client.request(Method.POST, "/form");
    assertThat(form.form("a", "x y&=", "ü", "é").send().text()).isEqualTo("x y&=|é");
    assertThatThrownBy(() -> form.form("a")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filesAreSent(boolean tls) {
    TestClient client = of(tls);
    TestResponse response =
        client
            .request(Method.POST, "/upload")
            .multipart(
                TestPart.field("title", "Tea, \"black\""),
                TestPart.file(
                    "photo", "tea \"1\".txt", "text/x-tea", "hot".getBytes(StandardCharsets.UTF_8)))
            .send();
    assertThat(response.status()).as(response.toString()).isEqualTo(200);
    assertThat(response.text())
        .startsWith("Tea, \"black\" tea ")
        .contains("text/x-tea")
        .endsWith("hot");
    assertThatThrownBy(() -> TestPart.file("a", "b", "text/x\r\nX: y", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eventsAreReadAsTheyComeIn(boolean tls) {
    TestClient client = of(tls);
    String run = "/count/" + client.port();
    try (TestEvents events = client.events(run)) {
      assertThat(events.next()).isEqualTo(new TestEvent("", "message", "1"));
      assertThat(events)
          .containsExactly(new TestEvent("a", "tick", "2\n3"), new TestEvent("a", "message", "4"));
      assertThat(DONE).as("at the end its tasks have run").contains("" + client.port());
      assertThatThrownBy(events::next)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended");
    }
    assertThat(client.events(run).rest()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoLeavesAStreamWaitsForItsTasksToo(boolean tls) {
    TestClient client = of(tls);
    String run = "left " + client.port();
    try (TestEvents events = client.events("/endless/" + run.replace(" ", "%20"))) {
      assertThat(events.next().data()).isEqualTo("hello");
      assertThat(DONE).doesNotContain(run);
    }
    assertThat(DONE).contains(run);
  }

  @Execution(ExecutionMode.CONCURRENT) // which takes its time
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEventThatDoesNotComeFailsTheTest(boolean tls) {
    TestClient client = of(tls);
    try (TestEvents events = hasty(client).events("/endless/late")) {
      events.next();
      assertThatThrownBy(events::next)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("GET /endless/late sent no event")
          .hasMessageContaining("waitAtMost");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNoStreamOfEventsFailsTheTest(boolean tls) {
    TestClient client = of(tls);
    assertThatThrownBy(() -> client.events("/accounts"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("200, application/json");
    assertThatThrownBy(() -> client.events("/nowhere"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("404");
    try (TestEvents events = client.events("/broken")) {
      events.next();
      assertThatThrownBy(events::next)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("broke off");
    }
    try (TestEvents events = client.events("/failing-task")) {
      assertThatThrownBy(events::rest)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("fails");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void webSocketsTalkAndClose(boolean tls) {
    TestClient client = of(tls);
    DONE.remove("socket");
    try (TestWebSocket socket = client.webSocket("/echo")) {
      socket.send("hello");
      assertThat(socket.text()).isEqualTo("hello");
      socket.send(new byte[] {1, 2});
      assertThat(socket.bytes()).containsExactly(1, 2);
      socket.send("text");
      assertThatThrownBy(socket::bytes)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("text");
      assertThat(DONE).doesNotContain("socket");
    }
    assertThat(DONE).contains("socket");
  }

  @Execution(ExecutionMode.CONCURRENT) // which takes its time
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void webSocketsThatTheServerClosesOrRefuses(boolean tls) {
    TestClient client = of(tls);
    TestWebSocket socket = client.webSocket("/echo");
    socket.send("bye");
    assertThat(socket.awaitClose()).isEqualTo(4000);
    assertThatThrownBy(() -> client.webSocket("/nowhere"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("404");
    TestWebSocket silent = hasty(client).webSocket("/echo");
    assertThatThrownBy(silent::text)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("said nothing");
    silent.close();
  }

  @Test
  void secureMeansTls() {
    assertThat(plain.get("/secure").text()).isEqualTo("false");
    assertThat(secure.get("/secure").text()).isEqualTo("true");
    assertThat(secure.server().uri().getScheme()).isEqualTo("https");
    secure.given().get("/secure").then().body(equalTo("true"));
    assertThatThrownBy(secure::secure).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cookiesAreKeptByClientsThatAreToldTo(boolean tls) {
    TestClient client = of(tls);
    TestClient browser = client.keepingCookies();
    browser.get("/log-in");
    assertThat(browser.get("/me").text()).isEqualTo("7");
    assertThat(client.keepingCookies().get("/me").text()).isEqualTo("nobody");
    client.get("/log-in");
    assertThat(client.get("/me").text()).isEqualTo("nobody");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void restAssuredSharesTheCookiesOfItsClient(boolean tls) {
    TestClient browser = of(tls).keepingCookies();
    browser.given().get("/log-in");
    assertThat(browser.given().get("/me").asString()).isEqualTo("7");
    assertThat(browser.get("/me").text()).isEqualTo("7");
    assertThat(of(tls).given().get("/me").asString()).isEqualTo("nobody");
  }
}
