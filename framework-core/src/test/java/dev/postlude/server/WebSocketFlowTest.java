package dev.postlude.server;

import static dev.postlude.wire.RawWebSocket.FIN;
import static dev.postlude.wire.RawWebSocket.PING;
import static dev.postlude.wire.RawWebSocket.PONG;
import static dev.postlude.wire.RawWebSocket.TEXT;
import static dev.postlude.wire.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.RawWebSocket.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * WebSockets whose one side is slower than the other, or silent: nothing grows, nobody waits for
 * ever.
 */
class WebSocketFlowTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  private final CountDownLatch release = new CountDownLatch(1);
  private Server server;

  private final Listening listening = new Listening();

  /** Does nothing after the first message until it is told to. */
  private final Listening blocking =
      new Listening() {
        @Override
        public void text(WebSocket socket, String text) throws Exception {
          super.text(socket, text);
          if (!release.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody released the listener");
          }
        }
      };

  private void serve(Listening listener, ServerOptions options, WebSocketOptions limits) {
    App app = App.of(routes -> routes.webSocket("/", limits, request -> listener));
    server = Loopback.serve(app, ignored -> options);
  }

  private void serve(Listening listener) {
    serve(listener, Loopback.options(), WebSocketOptions.defaults());
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  @Test
  void aClientThatNeverReadsHoldsItsSenderBackAndIsGivenUp() throws Exception {
    serve(
        listening,
        Loopback.options().writeTimeout(Duration.ofSeconds(1)),
        WebSocketOptions.defaults());
    AtomicLong sent = new AtomicLong();
    try (RawWebSocket client = RawWebSocket.open(RawClient.withSmallBuffer(server), "/")) {
      WebSocket socket = listening.socket();
      byte[] message = new byte[100 * KIB];
      // Within the second that it takes to give the client up, gigabytes could be queued.
      assertThatThrownBy(
              () -> {
                while (sent.get() < 1024L * MIB) {
                  socket.send(message);
                  sent.addAndGet(message.length);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(sent.get()).isLessThan(32 * MIB);
      assertThat(socket.isOpen()).isFalse();
      assertThat(listening.next()).isEqualTo("open");
      assertThat(listening.next()).isEqualTo("closed 1006");
    }
  }

  @Test
  void whatWasHeldBackArrivesWholeWhenTheClientReads() throws Exception {
    serve(listening);
    try (RawWebSocket client = RawWebSocket.open(RawClient.withSmallBuffer(server), "/")) {
      WebSocket socket = listening.socket();
      int tried = 0;
      while (socket.trySend(new byte[10 * KIB])) {
        assertThat(++tried * 10 * KIB).isLessThan(32 * MIB);
      }
      assertThat(socket.isOpen()).isTrue();
      CompletableFuture<Void> sender =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.send("x".repeat(300 * KIB));
                  socket.close(4000, "");
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      for (int i = 0; i < tried; i++) {
        assertThat(client.read().payload()).hasSize(10 * KIB);
      }
      StringBuilder text = new StringBuilder();
      Frame part = client.read();
      assertThat(part.first()).isEqualTo(TEXT);
      for (; !part.isFinal(); part = client.read()) {
        assertThat(part.payload()).hasSizeLessThanOrEqualTo(64 * KIB);
        text.append(part.text());
      }
      assertThat(text.append(part.text())).hasSize(300 * KIB);
      assertThat(client.read().code()).isEqualTo(4000);
      sender.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aListenerThatIsAtWorkHoldsTheClientBack() throws Exception {
    serve(blocking);
    try (SocketChannel client = SocketChannel.open()) {
      client.setOption(StandardSocketOptions.SO_SNDBUF, 64 * KIB);
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      client.write(
          ByteBuffer.wrap(RawWebSocket.handshake("/", "").getBytes(StandardCharsets.US_ASCII)));
      byte[] message = frame(FIN | TEXT, new byte[KIB]);

      assertThat(sendUntilHeldBack(client, message, 64 * MIB)).isLessThan(16 * MIB);
      assertThat(blocking.next()).isEqualTo("open");
      assertThat(blocking.next()).startsWith("text ");
      assertThat(blocking.left()).isZero();

      release.countDown();
      assertThat(blocking.next()).startsWith("text ");
    }
  }

  /** Sends until the server has taken nothing for half a second, or everything. */
  private static long sendUntilHeldBack(SocketChannel client, byte[] bytes, long most)
      throws IOException {
    long accepted = 0;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    client.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      while (accepted < most && selector.select(500) > 0) {
        selector.selectedKeys().clear();
        accepted += client.write(buffer);
        if (!buffer.hasRemaining()) {
          buffer.clear();
        }
      }
    }
    return accepted;
  }

  @Test
  void pingsAreAnsweredWhileTheListenerIsAtWork() throws Exception {
    serve(blocking);
    try (RawWebSocket client = RawWebSocket.open(server, "/")) {
      client.text("work");
      assertThat(blocking.next()).isEqualTo("open");
      assertThat(blocking.next()).isEqualTo("text work");
      client.send(FIN | PING, (byte) 'a');
      assertThat(client.read().opcode()).isEqualTo(PONG);
      client.send(FIN | PING, (byte) 'b');
      assertThat(client.read().text()).isEqualTo("b");
    }
  }

  @Test
  void aListenerAtWorkSeesThatTheClientClosesAndMayFinishItsSentence() throws Exception {
    Listening working =
        new Listening() {
          @Override
          public void text(WebSocket socket, String text) throws Exception {
            super.text(socket, text);
            while (socket.isOpen()) {
              Thread.onSpinWait();
            }
            socket.send("done");
          }
        };
    serve(working);
    try (RawWebSocket client = RawWebSocket.open(server, "/")) {
      client.text("work").close(4001);
      assertThat(client.read().text()).isEqualTo("done");
      assertThat(client.read().code()).isEqualTo(4001);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(working.next()).isEqualTo("open");
      assertThat(working.next()).isEqualTo("text work");
      assertThat(working.next()).isEqualTo("closed 4001");
    }
  }

  @Test
  void aListenerThatGoesOnForEverIsCutOff() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Listening endless =
        new Listening() {
          @Override
          public void open(WebSocket socket) throws Exception {
            try {
              while (true) {
                socket.send("tick");
              }
            } catch (IOException e) {
              thrown.complete(e);
              throw e;
            }
          }
        };
    serve(
        endless,
        Loopback.options(),
        WebSocketOptions.defaults().closeTimeout(Duration.ofSeconds(1)));
    try (RawWebSocket client = RawWebSocket.open(server, "/")) {
      client.close(1000);
      Frame frame = client.read();
      while (frame.opcode() == TEXT) {
        frame = client.read();
      }
      assertThat(frame.code()).isEqualTo(1000);
      assertThat(thrown.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
      assertThat(endless.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void ofManyPongsDuringOneCallTheLatestIsTold() throws Exception {
    serve(blocking);
    try (RawWebSocket client = RawWebSocket.open(server, "/")) {
      client.text("work");
      for (int length = 1; length < 10; length++) {
        client.send(FIN | PONG, new byte[length]);
      }
      client.send(FIN | PING);
      assertThat(client.read().opcode()).isEqualTo(PONG);
      release.countDown();
      assertThat(blocking.next()).isEqualTo("open");
      assertThat(blocking.next()).isEqualTo("text work");
      assertThat(blocking.next()).isEqualTo("pong 9");
      client.close(1000);
      assertThat(blocking.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void aClientThatPingsAndNeverReadsGetsNoMoreThanABufferOfAnswers() throws Exception {
    serve(listening);
    int pings = 20_000;
    byte[] many = frame(FIN | PING, new byte[125]);
    ByteBuffer all = ByteBuffer.allocate(pings * many.length);
    while (all.hasRemaining()) {
      all.put(many);
    }
    try (RawWebSocket client = RawWebSocket.open(RawClient.withSmallBuffer(server), "/")) {
      client.client().send(all.array());
      client.send(FIN | PING, (byte) 1);
      int answers = 0;
      do {
        answers++;
      } while (client.read().payload()[0] == 0);
      assertThat(answers).isLessThan(pings);
      client.close(1000);
      assertThat(client.read().code()).isEqualTo(1000);
    }
  }

  @Test
  void aSilentClientIsPingedAndGivenUpWithoutAnAnswer() throws Exception {
    serve(
        listening,
        Loopback.options(),
        WebSocketOptions.defaults().pingInterval(Duration.ofMillis(300)));
    try (RawWebSocket client = RawWebSocket.open(server, "/")) {
      for (int i = 0; i < 3; i++) {
        Frame ping = client.read();
        assertThat(ping.first()).isEqualTo(FIN | PING);
        client.send(FIN | PONG, ping.payload());
      }
      assertThat(client.read().opcode()).isEqualTo(PING);
      assertThat(client.client().isAtEnd()).isTrue();
      assertThat(listening.next()).isEqualTo("open");
      assertThat(listening.next()).isEqualTo("closed 1006");
    }
  }

  @Test
  void aMessageThatDoesNotGoOnEndsTheSocket() throws Exception {
    serve(
        listening,
        Loopback.options().bodyTimeout(Duration.ofMillis(500)),
        WebSocketOptions.defaults());
    for (byte[] beginning :
        new byte[][] {
          {(byte) (FIN | TEXT)}, frame(TEXT, "begun".getBytes(StandardCharsets.UTF_8))
        }) {
      try (RawWebSocket client = RawWebSocket.open(server, "/")) {
        client.client().send(beginning);
        assertThat(client.read().code()).isEqualTo(1008);
        assertThat(client.client().isAtEnd()).isTrue();
        assertThat(listening.next()).isEqualTo("open");
        assertThat(listening.next()).isEqualTo("failed ProtocolException");
        assertThat(listening.next()).startsWith("closed 1008");
      }
    }
  }

  @Test
  void aBlockedSenderIsToldWhenTheClientLeaves() throws Exception {
    serve(listening);
    RawWebSocket client = RawWebSocket.open(RawClient.withSmallBuffer(server), "/");
    WebSocket socket = listening.socket();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) {
                  socket.send(new byte[64 * KIB]);
                }
              } catch (Throwable t) {
                thrown.complete(t);
              }
            });
    sender.start();
    client.read();
    client.client().reset();
    assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    sender.join(10_000);
  }

  @Test
  void aSenderThatIsInterruptedInAMessageClosesTheSocket() throws Exception {
    serve(listening);
    try (RawWebSocket client = RawWebSocket.open(RawClient.withSmallBuffer(server), "/")) {
      WebSocket socket = listening.socket();
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread sender =
          new Thread(
              () -> {
                try {
                  socket.send(new byte[64 * MIB]);
                } catch (Throwable t) {
                  thrown.complete(t);
                }
              });
      sender.start();
      Frame frame = client.read();
      assertThat(frame.isFinal()).isFalse();
      sender.interrupt();
      assertThat(thrown.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
      while (frame.opcode() <= TEXT + 1) {
        assertThat(frame.isFinal()).isFalse();
        frame = client.read();
      }
      assertThat(frame.code()).isEqualTo(1011);
      sender.join(10_000);
    }
  }
}
