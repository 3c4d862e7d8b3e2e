package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.concurrent.Threads;
import dev.postlude.http.Filter;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which threads call handlers, and that nobody waits for anybody else's handler. */
class ThreadsTest {
  private static Response here() {
    return Response.text(Thread.currentThread().getName());
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  @ParameterizedTest
  @CsvSource({
    "/worker, postlude-handler",
    "/loop, postlude-loop",
    "/filtered, postlude-handler",
    "/filtered-loop, postlude-loop",
    "/refused, postlude-handler",
    "/refused-loop, postlude-loop",
  })
  void aHandlerAndItsFiltersRunOnAWorkerUnlessTheRouteAskedForTheLoop(String path, String prefix)
      throws Exception {
    Filter where = (request, next) -> here();
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.onError(Exception.class, (request, error) -> here());
                  routes.get("/worker", request -> here());
                  routes.get("/loop", request -> here()).onEventLoop();
                  routes.get("/filtered", request -> Response.of(200)).filter(where);
                  routes.get("/filtered-loop", r -> Response.of(200)).filter(where).onEventLoop();
                  routes.get("/refused", request -> Response.of(200)).maxBody(0);
                  routes.get("/refused-loop", r -> Response.of(200)).maxBody(0).onEventLoop();
                });
        RawClient client = RawClient.to(server)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n");
      client.send(path.contains("refused") ? "Content-Length: 1\r\n\r\nx" : "\r\n");

      assertThat(client.read().text()).startsWith(prefix);
    }
  }

  @Test
  void handlersThatBlockDoNotHoldUpAnotherConnection() throws Exception {
    int blocked = 20;
    CountDownLatch begun = new CountDownLatch(blocked);
    CountDownLatch release = new CountDownLatch(1);
    App app =
        App.of(
            routes -> {
              routes.get(
                  "/block",
                  request -> {
                    begun.countDown();
                    return Response.text(release.await(10, TimeUnit.SECONDS) + "");
                  });
              routes.get("/quick", request -> Response.text("quick"));
              routes.get("/loop", request -> Response.text("loop")).onEventLoop();
            });
    List<RawClient> clients = new ArrayList<>();
    try (Server server = Loopback.serve(app, options -> options.eventLoops(1))) {
      for (int i = 0; i < blocked; i++) {
        clients.add(RawClient.to(server).send(get("/block")));
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      try (RawClient other = RawClient.to(server)) {
        assertThat(other.send(get("/quick")).read().text()).isEqualTo("quick");
        assertThat(other.send(get("/loop")).read().text()).isEqualTo("loop");
      }
      release.countDown();
      for (RawClient client : clients) {
        assertThat(client.read().text()).isEqualTo("true");
        client.close();
      }
    }
  }

  @Test
  void anAnswerToComeHoldsNoThread() throws Exception {
    int waiting = 20;
    CountDownLatch begun = new CountDownLatch(waiting);
    CompletableFuture<Response> later = new CompletableFuture<>();
    App app =
        App.of(
            routes -> {
              routes.get(
                  "/later",
                  request -> {
                    begun.countDown();
                    return Response.async(later);
                  });
              routes.get("/quick", request -> Response.text("quick"));
            });
    List<RawClient> clients = new ArrayList<>();
    try (Server server = Loopback.serve(app, options -> options.workerThreads(1))) {
      for (int i = 0; i < waiting; i++) {
        clients.add(RawClient.to(server).send(get("/later")));
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      try (RawClient other = RawClient.to(server)) {
        assertThat(other.send(get("/quick")).read().text()).isEqualTo("quick");
      }
      later.complete(Response.text("now"));
      for (RawClient client : clients) {
        assertThat(client.read().text()).isEqualTo("now");
        client.close();
      }
    }
  }

  @Test
  void anAnswerThatAnotherHandlerGivesDoesNotWaitForTheRestOfThatHandler() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch heard = new CountDownLatch(1);
    CompletableFuture<Response> later = new CompletableFuture<>();
    App app =
        App.of(
            routes -> {
              routes.get(
                  "/listen",
                  request -> {
                    begun.countDown();
                    return Response.async(later);
                  });
              routes.get(
                  "/tell",
                  request -> {
                    later.complete(Response.text("news"));
                    return Response.text("heard: " + heard.await(10, TimeUnit.SECONDS));
                  });
            });
    try (Server server = Loopback.serve(app);
        RawClient listener = RawClient.to(server).send(get("/listen"))) {
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      try (RawClient teller = RawClient.to(server).send(get("/tell"))) {
        assertThat(listener.read().text()).isEqualTo("news");
        heard.countDown();
        assertThat(teller.read().text()).isEqualTo("heard: true");
      }
    }
  }

  @Test
  void workersAreVirtualThreadsWhereTheJdkHasThem() throws Exception {
    try (Server server =
            Loopback.serve(
                routes ->
                    routes.get(
                        "/",
                        request ->
                            Response.text(
                                Thread.class
                                    .getMethod(Threads.areVirtual() ? "isVirtual" : "isDaemon")
                                    .invoke(Thread.currentThread())
                                    .toString())));
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get("/")).read().text()).isEqualTo("true");
    }
  }
}
