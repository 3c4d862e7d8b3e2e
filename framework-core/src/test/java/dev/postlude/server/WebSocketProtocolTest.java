package dev.postlude.server;

import static dev.postlude.wire.RawWebSocket.BINARY;
import static dev.postlude.wire.RawWebSocket.CLOSE;
import static dev.postlude.wire.RawWebSocket.CONTINUATION;
import static dev.postlude.wire.RawWebSocket.FIN;
import static dev.postlude.wire.RawWebSocket.PING;
import static dev.postlude.wire.RawWebSocket.PONG;
import static dev.postlude.wire.RawWebSocket.TEXT;
import static dev.postlude.wire.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.RawWebSocket.Frame;
import dev.postlude.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets byte by byte: RFC 6455, and clients that do not keep to it. */
class WebSocketProtocolTest {
  private static final Map<String, Listening> LISTENERS = new ConcurrentHashMap<>();
  private static Server server;
  private static int last;

  private final Listening listening =
      new Listening() {
        @Override
        public void text(WebSocket socket, String text) throws Exception {
          super.text(socket, text);
          socket.send(text);
        }
      };

  @BeforeAll
  static void serve() {
    WebSocketOptions options = WebSocketOptions.defaults().maxMessage(1000);
    server =
        Loopback.serve(
            App.of(
                routes ->
                    routes.webSocket(
                        "/{id}", options, request -> LISTENERS.get(request.param("id")))),
            tuned -> tuned.http2(Http2Options.defaults().upgrade(true)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private String path() {
    String id = String.valueOf(++last);
    LISTENERS.put(id, listening);
    return "/" + id;
  }

  private RawWebSocket open() throws Exception {
    RawWebSocket client = RawWebSocket.open(server, path());
    assertThat(listening.next()).isEqualTo("open");
    return client;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] frames(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        Arguments.of("a frame that is not masked", 1002, hex("810548656c6c6f")),
        Arguments.of("a reserved bit", 1002, frame(FIN | 0x40 | TEXT)),
        Arguments.of("another reserved bit", 1002, frame(FIN | 0x10 | TEXT)),
        Arguments.of("a reserved opcode", 1002, frame(FIN | 3)),
        Arguments.of("a reserved control opcode", 1002, frame(FIN | 11)),
        Arguments.of("a ping in fragments", 1002, frame(PING)),
        Arguments.of("a ping that is too long", 1002, frame(FIN | PING, new byte[126])),
        Arguments.of("a continuation of nothing", 1002, frame(FIN | CONTINUATION)),
        Arguments.of("a text within a text", 1002, frames(frame(TEXT), frame(FIN | TEXT))),
        Arguments.of("a length that is not the shortest", 1002, hex("81fe000100000000")),
        Arguments.of("a length beyond all", 1002, hex("82ffffffffffffffffff00000000")),
        Arguments.of("no UTF-8", 1007, frame(FIN | TEXT, hex("c328"))),
        Arguments.of("UTF-8 of a surrogate", 1007, frame(FIN | TEXT, hex("eda080"))),
        Arguments.of("UTF-8 that is too long", 1007, frame(FIN | TEXT, hex("c0af"))),
        Arguments.of("UTF-8 that ends early", 1007, frame(FIN | TEXT, hex("61e282"))),
        Arguments.of(
            "UTF-8 that ends early in fragments",
            1007,
            frames(frame(TEXT, hex("61e2")), frame(FIN | CONTINUATION, hex("82")))),
        Arguments.of("no UTF-8 in a text not yet whole", 1007, frame(TEXT, hex("c328"))),
        Arguments.of("a large frame", 1009, frame(FIN | BINARY, new byte[1001])),
        Arguments.of("a large frame's head", 1009, hex("82ff000000010000000000000000")),
        Arguments.of(
            "a large message",
            1009,
            frames(frame(BINARY, new byte[600]), frame(FIN | CONTINUATION, new byte[401]))),
        Arguments.of("a close frame of one byte", 1002, frame(FIN | CLOSE, (byte) 3)),
        Arguments.of("a code that may not be sent", 1002, frame(FIN | CLOSE, hex("03ed"))),
        Arguments.of("a code too low", 1002, frame(FIN | CLOSE, hex("03e7"))),
        Arguments.of("a code too high", 1002, frame(FIN | CLOSE, hex("1388"))),
        Arguments.of("a code beyond 32767", 1002, frame(FIN | CLOSE, hex("ffff"))),
        Arguments.of("a reason that is no UTF-8", 1007, frame(FIN | CLOSE, hex("03e8c328"))),
        Arguments.of("a reason that ends early", 1007, frame(FIN | CLOSE, hex("03e8e282"))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void givesUpAClientThatSends(String what, int code, byte[] bytes) throws Exception {
    try (RawWebSocket client = open()) {
      client.client().send(frames(bytes, frame(FIN | TEXT, utf8("and goes on"))));

      Frame close = client.read();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.code()).isEqualTo(code);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(listening.next()).isEqualTo("failed ProtocolException");
      assertThat(listening.next()).startsWith("closed " + code);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 999, 1000})
  void takesMessagesOfEveryLengthUpToTheLimit(int length) throws Exception {
    try (RawWebSocket client = open()) {
      String text = "x".repeat(length);
      client.text(text);
      assertThat(client.read().text()).isEqualTo(text);

      client.send(TEXT, utf8(text.substring(length / 2)));
      client.send(FIN | CONTINUATION, utf8(text.substring(0, length / 2)));
      assertThat(client.read().text()).isEqualTo(text);
    }
  }

  @Test
  void takesFramesByteByByte() throws Exception {
    try (RawWebSocket client = open()) {
      for (byte each : frames(frame(FIN | PING), frame(FIN | TEXT, utf8("grüß")))) {
        client.client().send(new byte[] {each});
      }
      assertThat(client.read().opcode()).isEqualTo(PONG);
      assertThat(client.read().text()).isEqualTo("grüß");
    }
  }

  @Test
  void takesManyFramesAtOnce() throws Exception {
    try (RawWebSocket client = open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < 1_000; i++) {
        all.writeBytes(frame(FIN | TEXT, utf8("" + i)));
      }
      client.client().send(all.toByteArray());
      for (int i = 0; i < 1_000; i++) {
        assertThat(client.read().text()).isEqualTo("" + i);
      }
    }
  }

  @Test
  void takesFramesThatCameWithTheHandshake() throws Exception {
    String handshake = RawWebSocket.handshake(path(), "");
    try (RawClient client = RawClient.to(server)) {
      client.send(
          frames(
              utf8(handshake), frame(FIN | TEXT, utf8("eager")), frame(FIN | CLOSE, hex("03e8"))));
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(101);
      assertThat(reply.header("Sec-WebSocket-Accept")).isEqualTo(RawWebSocket.ACCEPT);
      assertThat(reply.header("Upgrade")).isEqualTo("websocket");
      assertThat(reply.header("Connection")).isEqualTo("Upgrade");
      assertThat(reply.headers().contains("Content-Length")).isFalse();
      assertThat(reply.headers().contains("Sec-WebSocket-Extensions")).isFalse();
      assertThat(new String(client.readBytes(7), StandardCharsets.UTF_8)).endsWith("eager");
      assertThat(client.readBytes(4)).isEqualTo(hex("880203e8"));
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void answersPingsBetweenFragments() throws Exception {
    try (RawWebSocket client = open()) {
      client.send(TEXT, utf8("one "));
      client.send(FIN | PING, utf8("still there?"));
      Frame pong = client.read();
      assertThat(pong.first()).isEqualTo(FIN | PONG);
      assertThat(pong.text()).isEqualTo("still there?");
      client.send(FIN | CONTINUATION, utf8("two"));
      assertThat(client.read().text()).isEqualTo("one two");
    }
  }

  @Test
  void answersEachOfTenPingsThatCameTogether() throws Exception {
    try (RawWebSocket client = open()) {
      ByteArrayOutputStream pings = new ByteArrayOutputStream();
      for (int i = 0; i < 10; i++) {
        pings.writeBytes(frame(FIN | PING, utf8("" + i)));
      }
      client.client().send(pings.toByteArray());
      for (int i = 0; i < 10; i++) {
        assertThat(client.read().text()).isEqualTo("" + i);
      }
    }
  }

  @Test
  void tellsOfAPongThatNobodyAskedFor() throws Exception {
    try (RawWebSocket client = open()) {
      client.send(FIN | PONG, utf8("hm"));
      assertThat(listening.next()).isEqualTo("pong 2");
    }
  }

  @ParameterizedTest
  @CsvSource({"03e8, 1000", "03e961, 1001 a", "0fa0, 4000", "1387, 4999", "'', 1005"})
  void answersACloseWithItsCode(String payload, String told) throws Exception {
    try (RawWebSocket client = open()) {
      client.client().send(frames(frame(FIN | CLOSE, hex(payload)), frame(FIN | TEXT)));
      Frame close = client.read();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.payload())
          .isEqualTo(hex(payload.substring(0, Math.min(4, payload.length()))));
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(listening.next()).isEqualTo("closed " + told);
    }
  }

  @Test
  void dropsWhatComesBetweenItsCloseAndTheAnswer() throws Exception {
    try (RawWebSocket client = open()) {
      listening.socket().close(4000, "");
      assertThat(client.read().code()).isEqualTo(4000);
      client.text("too late").send(FIN | PING).close(4000);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(listening.next()).isEqualTo("closed 4000");
      assertThat(listening.left()).isZero();
    }
  }

  @Test
  void waitsFiveSecondsForTheAnswerToItsClose() throws Exception {
    try (RawWebSocket client = open()) {
      long start = System.nanoTime();
      listening.socket().close(4000, "");
      assertThat(client.read().code()).isEqualTo(4000);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(System.nanoTime() - start).isGreaterThan(4_900_000_000L);
      assertThat(listening.next()).isEqualTo("closed 4000");
    }
  }

  @Test
  void tellsOfAConnectionThatIsLost() throws Exception {
    RawWebSocket client = open();
    client.client().reset();
    assertThat(listening.next()).isEqualTo("closed 1006");
  }

  @Test
  void deliversWhatWasSentBeforeTheStreamEnded() throws Exception {
    try (RawWebSocket client = open()) {
      client.client().send(frames(frame(FIN | TEXT, utf8("1")), frame(FIN | TEXT, utf8("2"))));
      client.client().finish();
      assertThat(listening.next()).isEqualTo("text 1");
      assertThat(listening.next()).isEqualTo("text 2");
      assertThat(listening.next()).isEqualTo("closed 1006");
      assertThat(listening.left()).isZero();
    }
  }

  @Test
  void deliversAllThatWasSentBeforeWhicheverTheListenerIsAt() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (RawWebSocket client = open()) {
        byte[][] all = new byte[20][];
        Arrays.fill(all, frame(FIN | TEXT, utf8("1")));
        client.client().send(frames(all)).finish();
        for (int j = 0; j < all.length; j++) {
          assertThat(listening.next()).isEqualTo("text 1");
        }
        assertThat(listening.next()).isEqualTo("closed 1006");
      }
    }
  }

  @Test
  void answersAClientThatEndsItsStreamWithItsClose() throws Exception {
    try (RawWebSocket client = open()) {
      client.text("bye").close(1000).client().finish();
      assertThat(client.read().text()).isEqualTo("bye");
      assertThat(client.read().code()).isEqualTo(1000);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(listening.next()).isEqualTo("text bye");
      assertThat(listening.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void closesAConnectionWhoseStreamEndedWithTheHandshake() throws Exception {
    String handshake = RawWebSocket.handshake(path(), "");
    try (RawClient client = RawClient.to(server)) {
      client.send(handshake).finish();
      assertThat(listening.next()).isEqualTo("open");
      assertThat(listening.next()).isEqualTo("closed 1006");
      assertThat(client.readAll()).startsWith("HTTP/1.1 101 ");
    }
  }

  @Test
  void asksAPlainRequestToUpgradeAndGoesOn() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(426);
      assertThat(reply.header("Upgrade")).isEqualTo("websocket");
      assertThat(reply.header("Connection")).isEqualTo("Upgrade");
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      client.send("HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(426);
      client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(405);
      client.send(RawWebSocket.handshake(path(), ""));
      RawWebSocket.opened(client).text("hi");
      assertThat(client.readBytes(4)).isEqualTo(hex("81026869"));
    }
  }

  @Test
  void doesNotUpgradeHttp10() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(RawWebSocket.handshake("/1", "").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(client.readAll()).startsWith("HTTP/1.1 426 ").contains("Connection: close");
    }
  }

  @Test
  void answersHttp2WithAnErrorToo() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/1"))
            .version(HttpClient.Version.HTTP_2)
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(response.statusCode()).isEqualTo(426);
    assertThat(response.body()).contains("by HTTP/1.1");
  }
}
