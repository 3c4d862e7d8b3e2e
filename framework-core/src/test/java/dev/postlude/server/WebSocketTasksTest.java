package dev.postlude.server;

import static dev.postlude.wire.RawWebSocket.FIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Outcome;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketHandshake;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawWebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S3 and S4: what follows a WebSocket follows its end, exactly once and whatever happened. */
class WebSocketTasksTest {
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Listening listening =
      new Listening() {
        @Override
        public void text(WebSocket socket, String text) throws Exception {
          super.text(socket, text);
          switch (text) {
            case "throw" -> throw new IllegalStateException("as it was asked to");
            case "block" -> release.await(30, TimeUnit.SECONDS);
            case "close" -> socket.close(4000, "");
            default -> socket.send(text);
          }
        }
      };
  private Server server;

  @BeforeEach
  void serve() {
    server =
        Loopback.serve(
            routes -> {
              routes.filter(
                  (request, next) -> {
                    request.onFinish(exchange -> ran.add("hook " + exchange.outcome()));
                    return next.handle(request);
                  });
              routes.get(
                  "/",
                  request ->
                      Response.webSocket(WebSocketHandshake.of(request), listening)
                          .background(
                              "after",
                              task ->
                                  ran.add("task " + task.status() + " " + task.bytesWritten())));
              routes.webSocket(
                  "/no",
                  request -> {
                    throw new HttpException(403, "no")
                        .background("refused", () -> ran.add("task of the refusal"));
                  });
            });
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private RawWebSocket open() throws Exception {
    RawWebSocket client = RawWebSocket.open(server, "/");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(ran).isEmpty();
    return client;
  }

  private void assertRan(Outcome outcome, String task) throws Exception {
    assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("hook " + outcome);
    assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo(task);
    server.close();
    assertThat(ran).isEmpty();
  }

  @Test
  void runWhenTheClientHasClosed() throws Exception {
    try (RawWebSocket client = open()) {
      client.text("hello");
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(ran).isEmpty();
      client.close(1000);
      assertRan(Outcome.SENT, "task 101 5");
    }
  }

  @Test
  void runWhenTheServerHasClosed() throws Exception {
    try (RawWebSocket client = open()) {
      client.text("close");
      assertThat(client.read().code()).isEqualTo(4000);
      assertThat(ran).isEmpty(); // the client has yet to answer
      client.close(4000);
      assertRan(Outcome.SENT, "task 101 0");
    }
  }

  @Test
  void runWhenTheConnectionWasLost() throws Exception {
    RawWebSocket client = open();
    client.client().reset();
    assertRan(Outcome.DISCONNECTED, "task 101 0");
  }

  @Test
  void runWhenTheListenerThrew() throws Exception {
    try (RawWebSocket client = open()) {
      client.text("throw");
      assertThat(client.read().code()).isEqualTo(1011);
      client.close(1011);
      assertRan(Outcome.FAILED, "task 101 0");
    }
  }

  @Test
  void runWhenTheClientBrokeTheProtocol() throws Exception {
    try (RawWebSocket client = open()) {
      client.send(FIN | 3);
      assertThat(client.read().code()).isEqualTo(1002);
      assertThat(client.client().isAtEnd()).isTrue();
      client.close();
      assertRan(Outcome.SENT, "task 101 0");
    }
  }

  @Test
  void runEvenIfTheListenerNeverReturns() throws Exception {
    try (RawWebSocket client = open()) {
      client.text("block").close(1000);
      assertThat(client.read().code()).isEqualTo(1000);
      assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("hook SENT");
      assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("task 101 0");
    }
  }

  @Test
  void runWhenTheServerStops() throws Exception {
    try (RawWebSocket client = open()) {
      Thread stopping = new Thread(server::close);
      stopping.start();
      assertThat(client.read().code()).isEqualTo(1001);
      client.close(1001);
      stopping.join(10_000);
      assertThat(listening.next()).startsWith("closed 1001");
      assertRan(Outcome.SENT, "task 101 0");
    }
  }

  @Test
  void runForTheRefusalInstead() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(RawWebSocket.handshake("/no", ""));
      assertThat(client.read().status()).isEqualTo(403);
      assertRan(Outcome.SENT, "task of the refusal");
    }
  }
}
