package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawHttp2.Frame;
import dev.postlude.wire.Reply;
import dev.postlude.wire.Requests;
import dev.postlude.wire.SelfSigned;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int STREAMS = 100;

  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(STREAMS);
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
    begun.countDown();
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

  @Test
  void aHeaderListBeyondTheLimitIsA431() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      assertThat(client.reply(client.get("/", "x", "a".repeat(16_000))).text()).isEqualTo("fine");

      int stream = client.nextStream();
      byte[] block = client.request("GET", "/", "x", "a".repeat(17_000), "y", "1");
      byte[] first = Arrays.copyOf(block, block.length / 2);
      byte[] rest = Arrays.copyOfRange(block, block.length / 2, block.length);
      client.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, first);
      client.send(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, stream, rest);

      assertThat(client.reply(stream).status()).isEqualTo(431);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void moreFieldsThanTheLimitAreA431() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      String[] fields = "x,1,".repeat(101).split(",");

      assertThat(client.reply(client.get("/", fields)).status()).isEqualTo(431);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void oneStreamMoreThanAHundredIsRefusedAndTheOthersAreAnswered() throws Exception {
    start();
    try (RawHttp2 client = RawHttp2.to(server)) {
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(client.get("/slow"));
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      int over = client.get("/slow");

      Frame reset = client.await(RawHttp2.RST_STREAM);
      assertThat(reset.stream()).isEqualTo(over);
      assertThat(reset.error()).isEqualTo(RawHttp2.REFUSED_STREAM);
      release.countDown();
      for (int i = 0; i < STREAMS; i++) {
        Frame last = client.read();
        while (last.type() != RawHttp2.DATA || !last.has(RawHttp2.END_STREAM)) {
          last = client.read();
        }
        assertThat(streams.remove((Integer) last.stream())).isTrue();
      }
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void aRequestMayAskForHttp2InClearText() throws Exception {
    start();
    RawClient client = RawClient.to(server);
    client.send(
        Requests.get(
            "/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: "));
    assertThat(client.readText(71))
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    try (RawHttp2 http2 = RawHttp2.open(client)) {
      assertThat(http2.reply(http2.nextStream()).text()).isEqualTo("fine"); // stream 1
      assertThat(http2.reply(http2.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void aClientThatAskedForHttp2BehindAnotherRequestAndEndsItsSideIsAnsweredAndLetGo()
      throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client
          .send(
              Requests.get("/")
                  + Requests.get(
                      "/",
                      "Upgrade: h2c",
                      "Connection: Upgrade, HTTP2-Settings",
                      "HTTP2-Settings: "))
          .finish();

      assertThat(client.read().text()).isEqualTo("fine");
      assertThat(client.readAll()).startsWith("HTTP/1.1 101 ").contains("fine");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP2-Settings: !", "HTTP2-Settings: AAAA", "X: none"})
  void anUpgradeThatIsNotInOrderIsLeftAlone(String settings) throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(
          Requests.get("/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", settings));

      assertThat(client.read().text()).isEqualTo("fine");
    }
  }

  @Test
  void aRequestThatNamesNoHostIsNotUpgraded() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(
          "GET / HTTP/1.1\r\nHost:\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
              + "HTTP2-Settings: \r\n\r\n");

      assertThat(client.read().text()).isEqualTo("fine");
    }
  }

  @Test
  void aBodyThatDoesNotComeToItsEndIsA408() throws Exception {
    start(
        Loopback.serve(
            App.of(this::routes), options -> options.bodyTimeout(Duration.ofMillis(200))));
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.nextStream();
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
      client.send(RawHttp2.DATA, 0, stream, (byte) 1);

      assertThat(client.reply(stream).status()).isEqualTo(408);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  /** Settings that leave streams no room for content: RFC 9113 section 6.5.2. */
  private static void giveNoRoom(RawHttp2 client) throws Exception {
    client.send(RawHttp2.SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).array());
  }

  @Test
  void aClientThatGivesNoRoomForItsAnswerIsCutOff() throws Exception {
    start(
        Loopback.serve(
            App.of(this::routes), options -> options.writeTimeout(Duration.ofMillis(200))));
    try (RawHttp2 client = RawHttp2.to(server)) {
      giveNoRoom(client);
      client.get("/");

      assertThatIOException()
          .isThrownBy(() -> client.await(RawHttp2.DATA))
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void anAnswerForWhichTheClientCanGiveNoMoreRoomIsNotWaitedFor() throws Exception {
    start(
        Loopback.serve(
            App.of(this::routes), options -> options.writeTimeout(Duration.ofMinutes(5))));
    try (RawHttp2 client = RawHttp2.to(server)) {
      client.await(RawHttp2.SETTINGS); // acknowledged while that can be done
      giveNoRoom(client);
      client.get("/");
      client.client().finish();

      assertThat(client.await(RawHttp2.RST_STREAM).error()).isEqualTo(RawHttp2.CANCEL);
      assertThatIOException()
          .isThrownBy(() -> client.await(RawHttp2.DATA))
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aHeadThatDoesNotComeToItsEndEndsTheConnection() throws Exception {
    start(
        Loopback.serve(
            App.of(this::routes), options -> options.headTimeout(Duration.ofMillis(200))));
    try (RawHttp2 client = RawHttp2.to(server)) {
      client.await(RawHttp2.SETTINGS);
      client.send(
          RawHttp2.HEADERS, RawHttp2.END_STREAM, client.nextStream(), client.request("GET", "/"));

      assertThat(client.await(RawHttp2.GOAWAY).error()).isZero();
      assertThat(client.client().isAtEnd()).isTrue();
    }
  }

  @Test
  void aBodyBeyondTheLimitIsA413() throws Exception {
    start(Loopback.serve(App.of(this::routes), options -> options.maxBody(1_000)));
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.nextStream();
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
      client.content(stream, "x".repeat(1_001).getBytes(StandardCharsets.US_ASCII));

      assertThat(client.reply(stream).status()).isEqualTo(413);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }
}
