package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.WebSocket;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Listening;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.Talk;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a WebSocket, whoever brings it about, and what both sides are told. */
class WebSocketCloseTest {
  private Server server;

  private void serve(Routes.Body<RuntimeException> routes) {
    server = Loopback.serve(routes);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void tellsWhyTheClientCloses() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");

    talk.socket().sendClose(4001, "had enough");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(listening.next()).isEqualTo("closed 4001 had enough");
    assertThat(talk.next()).isEqualTo("closed 4001");
    assertThat(listening.socket().isOpen()).isFalse();
    assertThatThrownBy(() -> listening.socket().send("late")).hasMessageContaining("closed");
    assertThat(listening.socket().trySend("late")).isFalse();
  }

  @Test
  void tellsTheClientWhyItCloses() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");

    WebSocket socket = listening.socket();
    socket.send("last words");
    socket.close(4002, "zu spät");
    socket.close(4003, "again");
    assertThat(socket.isOpen()).isFalse();
    assertThat(talk.next()).isEqualTo("text last words");
    assertThat(talk.next()).isEqualTo("closed 4002 zu spät");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(listening.next()).isEqualTo("closed 4002 zu spät");
  }

  @Test
  void refusesCodesThatMayNotBeSent() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.open(server, "/");

    WebSocket socket = listening.socket();
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2000, 5000}) {
      assertThatThrownBy(() -> socket.close(code, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4999");
    }
    assertThatThrownBy(() -> socket.close(1000, "é".repeat(62)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("123");
    assertThat(socket.isOpen()).isTrue();
  }

  @Test
  void closesWithGoingAwayWhenTheServerStops() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    Listening listening =
        new Listening() {
          @Override
          public void closed(WebSocket socket, int code, String reason) throws Exception {
            closed.await(10, TimeUnit.SECONDS);
            super.closed(socket, code, reason);
          }
        };
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");
    assertThat(listening.next()).isEqualTo("open");

    Thread stopping = new Thread(server::close);
    stopping.start();
    assertThat(talk.next()).startsWith("closed 1001");
    closed.countDown(); // closed() is waited for, not interrupted
    stopping.join(10_000);
    assertThat(stopping.isAlive()).isFalse();
    assertThat(listening.left()).isEqualTo(1);
    assertThat(listening.next()).isEqualTo("closed 1001 the server is stopping");
  }

  @Test
  void closesWithAnErrorWhenTheListenerThrows() throws Exception {
    Listening listening =
        new Listening() {
          @Override
          public void text(WebSocket socket, String text) throws Exception {
            super.text(socket, text);
            throw new IllegalStateException("oops");
          }
        };
    serve(routes -> routes.webSocket("/chat/{room}", request -> listening));
    LogLines log = LogLines.of("dev.postlude.server");
    try {
      Talk.Open talk = Talk.open(server, "/chat/1");
      talk.send("boom");
      assertThat(talk.next()).isEqualTo("closed 1011");
      assertThat(listening.next()).isEqualTo("open");
      assertThat(listening.next()).isEqualTo("text boom");
      assertThat(listening.next()).isEqualTo("failed IllegalStateException");
      assertThat(listening.next()).isEqualTo("closed 1011");
      assertThat(log.await(line -> line.contains("/chat/{room}"))).contains("oops");
    } finally {
      log.close();
    }
  }

  @Test
  void tellsTheListenerOfTheEndEvenIfOpenFailed() throws Exception {
    Listening listening =
        new Listening() {
          @Override
          public void open(WebSocket socket) throws Exception {
            super.open(socket);
            throw new OutOfMemoryError("as good as");
          }
        };
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");

    assertThat(talk.next()).isEqualTo("closed 1011");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(listening.next()).isEqualTo("failed OutOfMemoryError");
    assertThat(listening.next()).isEqualTo("closed 1011");
  }
}
