package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static dev.postlude.wire.Requests.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundStats;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.RunWhen;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A response's tasks are released once, and a client that goes away neither cancels nor skips them
 * unless they asked for that.
 */
class S04ExactlyOnceTest {
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private void routes(Routes routes) {
    routes.get("/plain", request -> Response.text("x"));
    routes.get("/text", request -> withTasks(Response.text("x")));
    routes.get("/no-content", request -> withTasks(Response.noContent()));
    routes.get("/not-modified", request -> withTasks(Response.of(304)));
    routes.get("/bad", request -> withTasks(Response.of(400)));
    routes.get("/chunks", request -> withTasks(Response.stream("text/x", out -> out.write('x'))));
    routes.get("/big", request -> withTasks(Response.bytes("application/x", new byte[32 << 20])));
    routes.get(
        "/slow",
        request -> {
          begun.countDown();
          release.await(10, TimeUnit.SECONDS);
          return withTasks(Response.text("slow"));
        });
    routes.get("/counted", r -> Response.of(202).background("count", runs::incrementAndGet));
    routes
        .get("/counted-loop", r -> Response.of(202).background("count", runs::incrementAndGet))
        .onEventLoop();
  }

  private Response withTasks(Response response) {
    return response
        .background(task("sent").when(RunWhen.SENT))
        .background(task("always"))
        .background(task("not sent").when(RunWhen.NOT_SENT))
        .background("last", finished::countDown);
  }

  private BackgroundTask task(String name) {
    return BackgroundTask.of(name, () -> ran.add(name));
  }

  private void assertQuiet(Server server) throws Exception {
    assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /text",
    "HEAD, /text",
    "GET, /no-content",
    "GET, /not-modified",
    "GET, /bad",
    "GET, /chunks",
  })
  void whatWasSentRunsWhatIsForSentResponses(String method, String path) throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(head(method, path, "Connection: close")).readAll();
      assertQuiet(server);

      assertThat(ran).containsExactly("sent", "always");
    }
  }

  @Test
  void aClientThatHasGoneBeforeTheWriteRunsWhatIsForResponsesThatWereNotSent() throws Exception {
    try (Server server =
            Loopback.serve(App.of(this::routes), options -> options.maxConnections(1));
        RawClient client = RawClient.to(server)) {
      client.send(get("/slow"));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      try (RawClient next = RawClient.to(server)) { // one connection is allowed: this was seen
        next.send(get("/plain")).read();
      }
      release.countDown();
      assertThat(finished.await(10, TimeUnit.SECONDS)).isTrue();
      assertQuiet(server);

      assertThat(ran).containsExactly("always", "not sent");
    }
  }

  @Test
  void aClientThatGoesDuringTheWriteDoesTheSame() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/big"));
      client.readBytes(1_000);
      client.reset();
      assertQuiet(server);

      assertThat(ran).containsExactly("always", "not sent");
    }
  }

  @RepeatedTest(3)
  void amongManyClientsOfWhichSomeGoAwayEveryTaskRunsOnce() throws Exception {
    int clients = 8;
    int requests = 60;
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    AtomicInteger read = new AtomicInteger();
    try (Server server = Loopback.serve(this::routes)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        String path = i % 2 == 0 ? "/counted" : "/counted-loop";
        all.add(
            pool.submit(
                () -> {
                  for (int j = 0; j < requests; j++) {
                    exchange(server, path, j, read);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      server.close();

      BackgroundStats.Group stats = server.background().stats().groups().get("default");
      assertThat(stats.succeeded()).isEqualTo(stats.submitted()).isEqualTo(runs.get());
      assertThat(runs.get()).as("every 202 that was read").isGreaterThanOrEqualTo(read.get());
    } finally {
      pool.shutdownNow();
    }
  }

  private static void exchange(Server server, String path, int number, AtomicInteger read)
      throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(get(path));
      if (number % 5 == 0) {
        client.reset();
      } else {
        assertThat(client.read().status()).isEqualTo(202);
        read.incrementAndGet();
      }
    }
  }
}
