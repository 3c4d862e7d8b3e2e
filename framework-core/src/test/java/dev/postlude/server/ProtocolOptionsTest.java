package dev.postlude.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints;
import dev.postlude.http.Params;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The options of one protocol do on the wire what they say. Their defaults have tests elsewhere.
 */
class ProtocolOptionsTest {
  private static final int MIB = 1 << 20;
  private static final Http1Options HTTP1 = Http1Options.defaults();
  private static final Http2Options HTTP2 = Http2Options.defaults();

  private static void routes(Routes routes) {
    routes.get("/", request -> Response.text("fine"));
    routes.post("/", request -> Response.text("fine"));
  }

  private static Server serve(UnaryOperator<ServerOptions> change) {
    return Loopback.serve(App.of(ProtocolOptionsTest::routes), change);
  }

  private static Server http2(UnaryOperator<Http2Options> change) {
    return serve(options -> options.http2(change.apply(HTTP2)));
  }

  @Test
  void noMoreRequestsAreParsedThanMayWait() throws Exception {
    int waiting = 5;
    int sent = 100;
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger found = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(waiting);
    Endpoint endpoint =
        new Endpoint(
            "/",
            request -> {
              assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
              most.accumulateAndGet(found.get() - begun.getAndIncrement(), Math::max);
              return Response.text("fine");
            },
            false,
            false,
            Endpoint.SERVER_LIMIT);
    Endpoints endpoints =
        (method, path) -> {
          found.incrementAndGet();
          full.countDown();
          return new Endpoints.Match(endpoint, Params.ofPath());
        };
    ServerOptions options = Loopback.options().http1(HTTP1.maxPipelined(waiting));
    try (Server server = Server.start(endpoints, options, BackgroundOptions.defaults());
        RawClient client = RawClient.to(server)) {
      client.send(Requests.get("/").repeat(sent));

      for (int i = 0; i < sent; i++) {
        assertThat(client.read().text()).isEqualTo("fine");
      }
    }
    assertThat(most.get()).isBetween(waiting, 1 + waiting);
  }

  @Test
  void aRefusedClientIsReadOnForAsMuchAsIsSaid() throws Exception {
    try (Server server =
            serve(
                options ->
                    options.http1(HTTP1.lingerTimeout(Duration.ofMinutes(1)).maxLinger(64 * MIB)));
        RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + 32 * MIB + "\r\n\r\n");
      client.send(new byte[32 * MIB]).finish();

      assertThat(client.read().status()).isEqualTo(413);
    }
  }

  /** A proxy that cannot write looks for the answer; one whose write fails makes a 502 of it. */
  @Test
  void andForNoMoreSoThatItsWritesAreHeldBackAndDoNotFail() throws Exception {
    try (Server server =
            serve(
                options ->
                    options.http1(HTTP1.lingerTimeout(Duration.ofMinutes(1)).maxLinger(1000)));
        SocketChannel client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        Selector room = Selector.open()) {
      client.write(
          ascii("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (1L << 40) + "\r\n\r\n"));
      ByteBuffer answer = ByteBuffer.allocate(12);
      assertThat(client.read(answer)).isEqualTo(12);
      assertThat(answer.flip()).isEqualTo(ascii("HTTP/1.1 413"));

      client.configureBlocking(false);
      client.register(room, SelectionKey.OP_WRITE);
      ByteBuffer piece = ByteBuffer.allocate(MIB);
      do {
        client.write(piece.clear()); // throws after a reset
        room.selectedKeys().clear();
      } while (room.select(500) > 0);
    }
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  @Test
  void theClientIsToldHowManyStreamsThereMayBe() throws Exception {
    try (Server server = http2(options -> options.maxStreams(7));
        RawHttp2 client = RawHttp2.to(server)) {
      ByteBuffer settings = ByteBuffer.wrap(client.await(RawHttp2.SETTINGS).payload());
      int streams = -1;
      while (settings.hasRemaining()) {
        int setting = settings.getShort();
        int value = settings.getInt();
        streams = setting == 3 ? value : streams; // RFC 9113 section 6.5.2
      }

      assertThat(streams).isEqualTo(7);
    }
  }

  @Test
  void resetsAreCounted() throws Exception {
    try (Server server = http2(options -> options.maxResets(3).resetWindow(Duration.ofHours(1)));
        RawHttp2 client = RawHttp2.to(server)) {
      for (int i = 0; i < 4; i++) {
        int stream = client.nextStream();
        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
        client.send(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(RawHttp2.CANCEL));
      }

      assertThat(client.await(RawHttp2.GOAWAY).error()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void smallContinuationsMayBeAllowed() throws Exception {
    try (Server server = http2(options -> options.maxContinuations(200));
        RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.nextStream();
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      byte[] block = client.request("GET", "/");
      frames.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, block));
      for (int i = 0; i < 100; i++) {
        frames.writeBytes(RawHttp2.frame(RawHttp2.CONTINUATION, 0, stream));
      }
      frames.writeBytes(RawHttp2.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, stream));
      client.client().send(frames.toByteArray());

      assertThat(client.reply(stream).text()).isEqualTo("fine");
    }
  }

  @Test
  void emptyDataMayBeAllowed() throws Exception {
    try (Server server = http2(options -> options.maxEmptyData(200));
        RawHttp2 client = RawHttp2.to(server)) {
      int stream = client.nextStream();
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
      for (int i = 0; i < 100; i++) {
        client.send(RawHttp2.DATA, 0, stream);
      }
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream);

      assertThat(client.reply(stream).text()).isEqualTo("fine");
    }
  }

  private static final class Leaving implements WebSocketListener {
    @Override
    public void open(WebSocket socket) throws IOException {
      socket.close(1000, "");
    }
  }

  @Test
  void aWebSocketWaitsForItsClientsCloseForAsLongAsIsSaid() throws Exception {
    WebSocketOptions patient = WebSocketOptions.defaults().closeTimeout(Duration.ofMinutes(5));
    WebSocketOptions not = WebSocketOptions.defaults().closeTimeout(Duration.ofMillis(100));
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.webSocket("/patient", patient, request -> new Leaving());
                  routes.webSocket("/not", not, request -> new Leaving());
                });
        RawWebSocket waitedFor = RawWebSocket.open(server, "/patient");
        RawWebSocket given = RawWebSocket.open(server, "/not")) {
      assertThat(waitedFor.read().code()).isEqualTo(1000);
      assertThat(given.read().code()).isEqualTo(1000);

      assertThat(given.client().isAtEnd()).isTrue();
      waitedFor.client().socket().setSoTimeout(1);
      assertThatThrownBy(waitedFor.client()::isAtEnd).isInstanceOf(SocketTimeoutException.class);
      waitedFor.close(1000); // or the server would wait for it
    }
  }

  private static Arguments refused(Runnable change, String sentence) {
    return Arguments.of(change, sentence);
  }

  static Stream<Arguments> refusals() {
    Duration negative = Duration.ofMillis(-1);
    return Stream.of(
        refused(() -> HTTP1.maxPipelined(0), "maxPipelined is 1 or more, not 0"),
        refused(
            () -> HTTP1.lingerTimeout(negative), "lingerTimeout is zero or longer, not PT-0.001S"),
        refused(() -> HTTP1.maxLinger(-1), "maxLinger is zero or more, not -1"),
        refused(() -> HTTP2.maxStreams(0), "maxStreams is 1 or more, not 0"),
        refused(() -> HTTP2.maxResets(-1), "maxResets is 1 or more, not -1"),
        refused(
            () -> HTTP2.resetWindow(Duration.ZERO), "resetWindow is longer than nothing, not PT0S"),
        refused(
            () -> HTTP2.resetWindow(Duration.ofMillis(1500)),
            "resetWindow is a whole number of seconds, not PT1.5S"),
        refused(() -> HTTP2.maxContinuations(0), "maxContinuations is 1 or more, not 0"),
        refused(() -> HTTP2.maxEmptyData(0), "maxEmptyData is 1 or more, not 0"),
        refused(() -> HTTP2.maxAnswers(0), "maxAnswers is 1 or more, not 0"),
        refused(
            () -> WebSocketOptions.defaults().closeTimeout(negative),
            "closeTimeout is zero or longer, not PT-0.001S"),
        refused(
            () -> WebSocketOptions.defaults().pingInterval(Duration.ofDays(400)),
            "pingInterval is a year at most, not PT9600H"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void refusals(Runnable change, String sentence) {
    assertThatIllegalArgumentException().isThrownBy(change::run).withMessage(sentence);
  }
}
