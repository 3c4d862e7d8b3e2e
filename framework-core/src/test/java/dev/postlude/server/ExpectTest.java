package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code Expect: 100-continue}, RFC 9110 section 10.1.1: where the answer is known from the head
 * alone, and where a handler reads the body while it comes in, or does not read it.
 */
class ExpectTest {
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  private Server server;

  @AfterEach
  void stop() {
    server.close();
  }

  private void start() {
    server = Loopback.serve(ExpectTest::routes);
  }

  private static void routes(Routes routes) {
    routes.get("/read", request -> Response.text("read"));
    routes.post("/", request -> Response.text(request.text()));
    routes.post("/stream", ExpectTest::stored).streaming();
    routes.post("/unread", request -> Response.text("as you like")).streaming();
    routes
        .post("/echo", request -> Response.stream("text/x", request.stream()::transferTo))
        .streaming();
    routes.group(
        "/inner",
        inner -> {
          inner.filter((request, next) -> Response.of(401));
          inner.post("/stream", ExpectTest::stored).streaming();
        });
  }

  private static Response stored(Request request) throws IOException {
    return Response.text(new String(request.stream().readAllBytes(), StandardCharsets.US_ASCII));
  }

  private static String post(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  }

  @ParameterizedTest
  @CsvSource({"/nowhere, 404", "/read, 405", "/%zz, 400"})
  void whatHasNoRouteIsAnsweredWithoutItsBody(String path, int status) throws Exception {
    assertIsNotAskedFor(path, status);
  }

  private void assertIsNotAskedFor(String path, int status) throws IOException {
    start();
    try (RawClient client = RawClient.to(server)) {
      Reply reply = client.send(post(path)).read();

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void theBodyMayComeAllTheSameAndIsNoRequest() throws Exception {
    start();
    String smuggled = "GET /read HTTP/1.1\r\nHost: a\r\n\r\n";
    try (RawClient client = RawClient.to(server)) {
      client.send(
          "POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
              + smuggled.length()
              + "\r\n\r\n"
              + smuggled);

      assertThat(client.readStatuses()).containsExactly(404);
    }
  }

  @Test
  void behindOtherRequestsToo() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /read HTTP/1.1\r\nHost: a\r\n\r\n" + post("/nowhere"));

      assertThat(client.readStatuses()).containsExactly(200, 404);
    }
  }

  /** A filter may answer with what is in the body, as a proxy does. */
  @Test
  void whereAFilterMayWantTheBodyItIsAskedFor() throws Exception {
    server =
        Loopback.serve(
            routes -> {
              routes.filter((request, next) -> Response.text("got " + request.text()));
              routes(routes);
            });
    try (RawClient client = RawClient.to(server)) {
      client.send(post("/nowhere"));
      assertThat(client.readText(CONTINUE.length())).isEqualTo(CONTINUE);

      assertThat(client.send("hello").read().text()).isEqualTo("got hello");
    }
  }

  @Test
  void whoReadsAStreamAsksForIt() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(post("/stream"));
      assertThat(client.readText(CONTINUE.length())).isEqualTo(CONTINUE);

      assertThat(client.send("hello").read().text()).isEqualTo("hello");
      assertThat(client.send("GET /read HTTP/1.1\r\nHost: a\r\n\r\n").read().text())
          .isEqualTo("read");
    }
  }

  /** It may be asked for, or be there before that. */
  @Test
  void aStreamThatComesUnaskedIsRead() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(post("/stream") + "hello").finish();

      assertThat(client.readAll()).endsWith("\r\n\r\nhello");
    }
  }

  @ParameterizedTest // neither a filter that refuses nor a handler that does not read it
  @CsvSource({"/inner/stream, 401", "/unread, 200"})
  void aStreamThatNobodyReadsIsNotAskedFor(String path, int status) throws Exception {
    assertIsNotAskedFor(path, status);
  }

  @Test
  void aStreamThatIsReadWhileItIsAnsweredIsAskedForBeforeTheAnswer() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(post("/echo"));
      assertThat(client.readText(CONTINUE.length())).isEqualTo(CONTINUE);

      assertThat(client.send("hello").readAll())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("\r\n5\r\nhello\r\n0\r\n\r\n");
    }
  }

  @Test
  void overHttp2AStreamIsAskedForByItsReader() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      int refused = expecting(client, "/inner/stream");
      assertThat(client.reply(refused).status()).isEqualTo(401);
      int unread = expecting(client, "/unread");
      assertThat(client.reply(unread).status()).isEqualTo(200);

      for (String path : List.of("/stream", "/echo")) {
        int stream = expecting(client, path);
        assertThat(client.await(RawHttp2.HEADERS).has(RawHttp2.END_STREAM)).isFalse();
        byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
        client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, body);
        assertThat(client.reply(stream).text()).isEqualTo("hello");
      }
    }
  }

  private static int expecting(RawHttp2 client, String path) throws IOException {
    int stream = client.nextStream();
    client.send(
        RawHttp2.HEADERS,
        RawHttp2.END_HEADERS,
        stream,
        client.request("POST", path, "expect", "100-continue"));
    return stream;
  }

  @Test
  void overHttp2TheSame() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = expecting(client, "/nowhere");

      assertThat(client.reply(stream).status()).isEqualTo(404);

      byte[] late = "hello".getBytes(StandardCharsets.US_ASCII);
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, late);
      assertThat(client.reply(client.get("/read")).text()).isEqualTo("read");
    }
  }

  @Test
  void overHttp2ARouteIsToldToGoOn() throws Exception {
    server = Loopback.serve(App.of(ExpectTest::routes));
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = expecting(client, "/");
      assertThat(client.await(RawHttp2.HEADERS).has(RawHttp2.END_STREAM)).isFalse();

      byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, body);
      assertThat(client.reply(stream).text()).isEqualTo("hello");
    }
  }
}
