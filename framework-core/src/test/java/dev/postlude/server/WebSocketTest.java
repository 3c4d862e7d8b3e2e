package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.context.Key;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketHandshake;
import dev.postlude.http.WebSocketListener;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Listening;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.Talk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets as applications see them, the JDK's client on the other side. */
class WebSocketTest {
  private static final Key<String> USER = Key.of("user");

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

  private static final WebSocketListener ECHO =
      new WebSocketListener() {
        @Override
        public void text(WebSocket socket, String text) throws Exception {
          socket.send(text);
        }

        @Override
        public void binary(WebSocket socket, byte[] bytes) throws Exception {
          socket.send(bytes);
        }
      };

  @Test
  void echoesTextAndBinary() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> ECHO));
    Talk.Open talk = Talk.open(server, "/echo");

    talk.send("grüß dich \ud83d\ude00");
    assertThat(talk.next()).isEqualTo("text grüß dich \ud83d\ude00");
    talk.send("");
    assertThat(talk.next()).isEqualTo("text ");
    talk.send(new byte[] {'a', 'b'});
    assertThat(talk.next()).isEqualTo("binary ab");
    talk.send(new byte[0]);
    assertThat(talk.next()).isEqualTo("binary ");
  }

  @Test
  void putsTheFragmentsOfAMessageTogether() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> ECHO));
    Talk.Open talk = Talk.open(server, "/echo");

    talk.socket().sendText("one, ", false).get(10, TimeUnit.SECONDS);
    talk.socket().sendText("two, ", false).get(10, TimeUnit.SECONDS);
    talk.socket().sendText("", false).get(10, TimeUnit.SECONDS);
    talk.send("three");
    assertThat(talk.next()).isEqualTo("text one, two, three");
  }

  @Test
  void takesAndSendsLargeMessages() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> ECHO));
    Talk.Open talk = Talk.open(server, "/echo");

    String text = "0123456789\u20ac".repeat(70_000); // 13 bytes each, across frame boundaries
    talk.send(text);
    assertThat(talk.next()).isEqualTo("text " + text);
    byte[] bytes = new byte[1024 * 1024];
    bytes[bytes.length - 1] = 'x';
    talk.send(bytes);
    assertThat(talk.next()).hasSize("binary ".length() + bytes.length).endsWith("x");
  }

  @Test
  void hasTheListenerMadeOfTheRequest() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    serve(
        routes -> {
          routes.filter((request, next) -> next.handle(request.with(USER, "ada")));
          routes.webSocket(
              "/chat/{room}",
              request -> {
                String room = request.param("room");
                return new WebSocketListener() {
                  @Override
                  public void open(WebSocket socket) throws Exception {
                    seen.add(room + " " + socket.request().get(USER));
                    socket.send("welcome to " + room);
                  }
                };
              });
        });
    Talk.Open talk = Talk.open(server, "/chat/garden");

    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("garden ada");
    assertThat(talk.next()).isEqualTo("text welcome to garden");
  }

  @Test
  void agreesOnTheServersBestSubprotocol() throws Exception {
    Listening listening = new Listening();
    WebSocketOptions options = WebSocketOptions.defaults().subprotocols("v2", "v1");
    serve(routes -> routes.webSocket("/", options, request -> listening));
    Talk.Open talk = Talk.open(server, "/", client -> client.subprotocols("v0", "v1", "v2"));

    assertThat(talk.socket().getSubprotocol()).isEqualTo("v2");
    assertThat(listening.socket().subprotocol()).contains("v2");
  }

  @Test
  void opensWithoutASubprotocolWhenThereIsNoneInCommon() throws Exception {
    Listening listening = new Listening();
    WebSocketOptions options = WebSocketOptions.defaults().subprotocols("v2");
    serve(routes -> routes.webSocket("/", options, request -> listening));
    Talk.Open talk = Talk.open(server, "/", client -> client.subprotocols("v0"));

    assertThat(talk.socket().getSubprotocol()).isEmpty();
    assertThat(listening.socket().subprotocol()).isEmpty();
  }

  @Test
  void answersPings() throws Exception {
    serve(routes -> routes.webSocket("/", request -> new Listening()));
    Talk.Open talk = Talk.open(server, "/");

    talk.socket().sendPing(ByteBuffer.wrap("hey".getBytes(StandardCharsets.UTF_8)));
    assertThat(talk.next()).isEqualTo("pong hey");
  }

  @Test
  void tellsOfTheAnswerToItsPing() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");

    listening.socket().ping(new byte[125]);
    assertThat(talk.next()).startsWith("ping ");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(listening.next()).isEqualTo("pong 125");
    assertThatThrownBy(() -> listening.socket().ping(new byte[126]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("125");
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
  void mayBeRefusedByFilterHandlerAndRouter() throws Exception {
    AtomicInteger made = new AtomicInteger();
    serve(
        routes -> {
          routes.group(
              "/members",
              members -> {
                members.filter((request, next) -> Response.problem(401, "who are you?"));
                members.webSocket("/chat", request -> ECHO);
              });
          routes.webSocket(
              "/rooms/{room}",
              request -> {
                made.incrementAndGet();
                throw new HttpException(404, "no such room");
              });
          routes.filter((request, next) -> next.handle(request));
        });

    assertThat(Talk.refusal(server, "/members/chat")).isEqualTo(401);
    assertThat(Talk.refusal(server, "/rooms/none")).isEqualTo(404);
    assertThat(Talk.refusal(server, "/nowhere")).isEqualTo(404);
    assertThat(made).hasValue(1);
  }

  @Test
  void opensNoneForAResponseThatAFilterGaveAnotherStatus() throws Exception {
    Listening listening = new Listening();
    serve(
        routes -> {
          routes.filter((request, next) -> next.handle(request).status(503));
          routes.webSocket("/", request -> listening);
        });

    assertThat(Talk.refusal(server, "/")).isEqualTo(503);
    server.close();
    assertThat(listening.left()).isZero();
  }

  @Test
  void carriesTheHeadersOfFilters() throws Exception {
    serve(
        routes -> {
          routes.filter((request, next) -> next.handle(request).header("X-Seen", "yes"));
          routes.webSocket("/", request -> ECHO);
        });
    try (RawClient client = RawClient.to(server)) {
      client.send(RawWebSocket.handshake("/", ""));
      assertThat(client.read().headers().find("X-Seen")).contains("yes");
    }
  }

  @Test
  void servesAPageAndASocketOnOnePath() throws Exception {
    serve(
        routes ->
            routes.get(
                "/news",
                request -> {
                  if (!request.headers().lists("Upgrade", "websocket")) {
                    return Response.text("a page");
                  }
                  return Response.webSocket(WebSocketHandshake.of(request), ECHO);
                }));
    Talk.Open talk = Talk.open(server, "/news");
    talk.send("hi");
    assertThat(talk.next()).isEqualTo("text hi");
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /news HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
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

  @Test
  void callsTheListenerOneAtATimeInOrderAndOnWorkers() throws Exception {
    List<String> texts = new ArrayList<>(); // not thread-safe, and need not be
    AtomicInteger inside = new AtomicInteger();
    BlockingQueue<String> wrong = new LinkedBlockingQueue<>();
    CountDownLatch all = new CountDownLatch(1);
    serve(
        routes ->
            routes.webSocket(
                "/",
                request ->
                    new WebSocketListener() {
                      @Override
                      public void text(WebSocket socket, String text) {
                        if (inside.getAndIncrement() != 0) {
                          wrong.add("two at a time");
                        }
                        if (Thread.currentThread().getName().contains("loop")) {
                          wrong.add(Thread.currentThread().getName());
                        }
                        texts.add(text);
                        inside.decrementAndGet();
                        if (texts.size() == 500) {
                          all.countDown();
                        }
                      }
                    }));
    Talk.Open talk = Talk.open(server, "/");

    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sent.add("message " + i);
      talk.send("message " + i);
    }
    assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(texts).isEqualTo(sent);
    assertThat(wrong).isEmpty();
  }

  @Test
  void keepsTheMessagesOfSeveralThreadsApart() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");
    WebSocket socket = listening.socket();

    List<Thread> threads = new ArrayList<>();
    for (String letter : List.of("a", "b", "c")) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 5; i++) {
                    socket.send(letter.repeat(200_000)); // several frames each
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (int i = 0; i < 15; i++) {
      String text = talk.next().substring("text ".length());
      assertThat(text).isEqualTo(text.substring(0, 1).repeat(200_000));
    }
    for (Thread thread : threads) {
      thread.join(10_000);
    }
  }

  @Test
  void refusesToBlockTheEventLoop() throws Exception {
    Listening listening = new Listening();
    BlockingQueue<Object> result = new LinkedBlockingQueue<>();
    App app =
        App.of(
            routes -> {
              routes.webSocket("/", request -> listening);
              routes
                  .get(
                      "/poke",
                      request -> {
                        try {
                          listening.socket().send("poke");
                          result.add("sent");
                        } catch (IllegalStateException e) {
                          result.add(listening.socket().trySend("tried"));
                        }
                        return Response.noContent();
                      })
                  .onEventLoop();
            });
    server = Loopback.serve(app, options -> options.eventLoops(1));
    Talk.Open talk = Talk.open(server, "/");
    listening.socket();
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /poke HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(204);
    }
    assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo(true);
    assertThat(talk.next()).isEqualTo("text tried");
  }
}
