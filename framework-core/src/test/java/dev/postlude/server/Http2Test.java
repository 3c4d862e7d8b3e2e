package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawHttp2.Frame;
import dev.postlude.wire.Reply;
import dev.postlude.wire.SelfSigned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/2 asks of a server beyond its frames: RFC 9113 sections 3, 5 and 8. */
class Http2Test {
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Server server;

  private void start(Server started) {
    server = started;
  }

  private void start() {
    start(Loopback.serve(App.of(this::routes)));
  }

  private void routes(Routes routes) {
    routes.get("/", request -> Response.text("fine"));
    routes.get("/slow", request -> slow());
    routes.get(
        "/reset", request -> Response.text("x").status(205).background("t", () -> seen.add("ran")));
    routes.post("/", request -> Response.text(request.text()));
    routes.get(
        "/head",
        request ->
            Response.text(request.header("Host").get() + " " + request.header("Cookie").get()));
    routes
        .post(
            "/streaming",
            request -> {
              seen.add("begun");
              try {
                seen.add(request.stream().readAllBytes().length + " bytes");
              } catch (IOException e) {
                seen.add("cut off");
              }
              return Response.of(204);
            })
        .streaming();
  }

  private Response slow() throws InterruptedException {
    return Response.text(release.await(10, TimeUnit.SECONDS) + "");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  @Test
  void aClientThatLeavesIsLetGoAtOnceAndNotWhenItsIdleTimeIsOver() throws Exception {
    start(Loopback.serve(App.of(this::routes), options -> options.maxConnections(1)));
    RawHttp2 client = RawHttp2.to(server);
    assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    client.close();

    try (RawHttp2 next = RawHttp2.to(server)) {
      assertThat(next.reply(next.get("/")).text()).isEqualTo("fine");
    }
  }

  /** RFC 9110 section 15.3.6. */
  @Test
  void resetContentIsEmptyAndItsTasksRun() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      Reply reply = client.reply(client.get("/reset"));

      assertThat(reply.status()).isEqualTo(205);
      assertThat(reply.text()).isEmpty();
      assertThat(reply.header("content-length")).isEqualTo("0");
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ran");
    }
  }

  @Test
  void overTlsTheSame(@TempDir Path folder) throws Exception {
    SelfSigned self = SelfSigned.in(folder);
    start(
        Loopback.serve(
            App.of(this::routes),
            options -> options.maxConnections(1).tls(self.certificate(), self.key())));
    RawHttp2 client = RawHttp2.overTls(server, self.client());
    assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    client.close();

    try (RawHttp2 next = RawHttp2.overTls(server, self.client())) {
      assertThat(next.reply(next.get("/")).text()).isEqualTo("fine");
    }
  }

  /** RFC 9113 section 6.8: the client may have begun streams that are on the wire. */
  @Test
  void theEndIsAnnouncedBeforeItIsSaidWhichStreamWasTheLast() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.get("/");
      assertThat(client.reply(stream).text()).isEqualTo("fine");
      Thread stopper = new Thread(server::shutdown);
      stopper.start();

      assertThat(lastStream(client.await(RawHttp2.GOAWAY))).isEqualTo(Integer.MAX_VALUE);
      assertThat(lastStream(client.await(RawHttp2.GOAWAY))).isEqualTo(stream);
      assertThat(client.client().isAtEnd()).isTrue();
      stopper.join(10_000);
    }
  }

  private static int lastStream(Frame goAway) {
    return ByteBuffer.wrap(goAway.payload()).getInt();
  }

  @Test
  void aClientThatHasEndedItsSideIsAnsweredStill() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.get("/slow");
      client.await(RawHttp2.SETTINGS);
      client.client().finish();
      release.countDown();

      assertThat(client.reply(stream).text()).isEqualTo("true");
      assertThat(client.await(RawHttp2.GOAWAY).error()).isZero();
      assertThat(client.client().isAtEnd()).isTrue();
    }
  }

  @Test
  void aRequestThatItHasNotFinishedIsNotHandled() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      int whole = client.nextStream();
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, whole, client.request("POST", "/"));
      int streaming = client.nextStream();
      client.send(
          RawHttp2.HEADERS, RawHttp2.END_HEADERS, streaming, client.request("POST", "/streaming"));
      client.send(RawHttp2.DATA, 0, whole, (byte) 1).send(RawHttp2.DATA, 0, streaming, (byte) 1);
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("begun");
      client.client().finish();

      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("cut off");
      assertThat(framesToTheEnd(client)).doesNotContain(RawHttp2.HEADERS + 0);
    }
  }

  private static List<Integer> framesToTheEnd(RawHttp2 client) {
    List<Integer> frames = new ArrayList<>();
    assertThatIOException()
        .isThrownBy(
            () -> {
              while (true) {
                frames.add(client.read().type());
              }
            });
    return frames;
  }

  @Test
  void aConnectionThatIsUsedIsKept() throws Exception {
    start(
        Loopback.serve(
            App.of(this::routes), options -> options.headTimeout(Duration.ofMillis(600))));
    try (RawHttp2 client = RawHttp2.to(server)) {
      for (int i = 0; i < 8; i++) { // twice the limit: what it is for is the first request
        assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
        assertThat(release.await(150, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
  }

  @Test
  void fieldsArriveAsHandlersKnowThem() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      Reply reply = client.reply(client.get("/head", "cookie", "a=1", "cookie", "b=2"));

      assertThat(reply.text()).isEqualTo("localhost a=1; b=2"); // RFC 9113 section 8.2.3
      assertThat(reply.header("date")).isNotEmpty();
      assertThat(reply.headers().contains("connection")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {":method", ":scheme", ":path"})
  void aRequestWithoutAPseudoFieldIsMalformed(String missing) throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      List<String> fields = new ArrayList<>();
      for (String field : List.of(":method", ":scheme", ":path")) {
        if (!field.equals(missing)) {
          fields.add(field);
          fields.add(field.equals(":path") ? "/" : field.equals(":method") ? "GET" : "http");
        }
      }
      send(client, fields.toArray(String[]::new));

      Frame reset = client.await(RawHttp2.RST_STREAM);
      assertThat(reset.error()).isEqualTo(RawHttp2.PROTOCOL_ERROR);
      assertThat(client.reply(client.get("/")).text()).as("the others go on").isEqualTo("fine");
    }
  }

  /** RFC 9113 section 8.3.1: who looks at the path only must not be led past it by a URI. */
  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/", "https://a/", "x"})
  void aPathStartsWithASlash(String path) throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      assertThat(client.reply(client.get(path)).status()).isEqualTo(400);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  private static void send(RawHttp2 client, String... fields) throws IOException {
    int stream = client.nextStream();
    byte[] block = client.block(fields);
    client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, block);
  }

  @ParameterizedTest
  @CsvSource({
    "connection, close",
    "transfer-encoding, chunked",
    "Upper, case",
    "te, gzip",
    ":unknown, pseudo",
    "content-length, 5", // and no content
  })
  void aFieldThatMayNotBeThereMakesItMalformedToo(String name, String value) throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      client.get("/", name, value);

      Frame reset = client.await(RawHttp2.RST_STREAM);
      assertThat(reset.error()).isEqualTo(RawHttp2.PROTOCOL_ERROR);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }
}
