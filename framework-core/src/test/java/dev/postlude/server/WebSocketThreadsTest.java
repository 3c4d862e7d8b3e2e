package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Talk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On which threads a WebSocket's listener is called, and which may send. */
class WebSocketThreadsTest {
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
  void anInterruptionThatACallLeavesBehindIsNotForTheNextOne() throws Exception {
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    serve(
        routes ->
            routes.webSocket(
                "/",
                request ->
                    new WebSocketListener() {
                      @Override
                      public void text(WebSocket socket, String text) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted, it says");
                      }

                      @Override
                      public void failed(WebSocket socket, Throwable cause) {
                        calls.add("failed " + Thread.currentThread().isInterrupted());
                        Thread.currentThread().interrupt();
                      }

                      @Override
                      public void closed(WebSocket socket, int code, String reason) {
                        calls.add("closed " + Thread.currentThread().isInterrupted());
                      }
                    }));
    Talk.open(server, "/").send("now");

    assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("failed false");
    assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("closed false");
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
