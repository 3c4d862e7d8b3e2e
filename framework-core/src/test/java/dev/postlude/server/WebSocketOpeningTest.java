package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.Key;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketHandshake;
import dev.postlude.http.WebSocketListener;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Echo;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.Talk;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a WebSocket comes to be, or is refused, among routes and filters. */
class WebSocketOpeningTest {
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
  void mayBeRefusedByFilterHandlerAndRouter() throws Exception {
    AtomicInteger made = new AtomicInteger();
    serve(
        routes -> {
          routes.group(
              "/members",
              members -> {
                members.filter((request, next) -> Response.problem(401, "who are you?"));
                members.webSocket("/chat", request -> new Echo());
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
          routes.webSocket("/", request -> new Echo());
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
                  return Response.webSocket(WebSocketHandshake.of(request), new Echo());
                }));
    Talk.Open talk = Talk.open(server, "/news");
    talk.send("hi");
    assertThat(talk.next()).isEqualTo("text hi");
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /news HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }
}
