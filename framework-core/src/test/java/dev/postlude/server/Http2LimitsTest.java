package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawHttp2.Frame;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits and deadlines of requests over HTTP/2, and what reaching one costs the others. */
class Http2LimitsTest {
  private static final int STREAMS = 100;

  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(STREAMS);
  private Server server;

  private void start(UnaryOperator<ServerOptions> change) {
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("fine"));
              routes.get("/slow", request -> slow());
              routes.post("/", request -> Response.text(request.text()));
            });
    server = Loopback.serve(app, change);
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
  void aHeaderListBeyondTheLimitIsA431() throws Exception {
    start(options -> options);
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
    start(options -> options);
    try (RawHttp2 client = RawHttp2.to(server)) {
      String[] fields = "x,1,".repeat(101).split(",");

      assertThat(client.reply(client.get("/", fields)).status()).isEqualTo(431);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void aBodyBeyondTheLimitIsA413() throws Exception {
    start(options -> options.maxBody(1_000));
    try (RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.nextStream();
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
      client.content(stream, "x".repeat(1_001).getBytes(StandardCharsets.US_ASCII));

      assertThat(client.reply(stream).status()).isEqualTo(413);
      assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void oneStreamMoreThanAHundredIsRefusedAndTheOthersAreAnswered() throws Exception {
    start(options -> options);
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
  void aHeadThatDoesNotComeToItsEndEndsTheConnection() throws Exception {
    start(options -> options.headTimeout(Duration.ofMillis(200)));
    try (RawHttp2 client = RawHttp2.to(server)) {
      client.await(RawHttp2.SETTINGS);
      client.send(
          RawHttp2.HEADERS, RawHttp2.END_STREAM, client.nextStream(), client.request("GET", "/"));

      assertThat(client.await(RawHttp2.GOAWAY).error()).isZero();
      assertThat(client.client().isAtEnd()).isTrue();
    }
  }

  @Test
  void aBodyThatDoesNotComeToItsEndIsA408() throws Exception {
    start(options -> options.bodyTimeout(Duration.ofMillis(200)));
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
    start(options -> options.writeTimeout(Duration.ofMillis(200)));
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
    start(options -> options.writeTimeout(Duration.ofMinutes(5)));
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
}
