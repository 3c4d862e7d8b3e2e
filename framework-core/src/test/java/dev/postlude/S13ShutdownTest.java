package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundStats;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.ShutdownReport;
import dev.postlude.background.ShutdownReport.TaskReport;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.server.ServerOptions;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stopping a server finishes what was accepted, up to its deadline, and names what it cut off. */
class S13ShutdownTest {
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  private BackgroundTask waiting(String name) {
    return BackgroundTask.of(
        name,
        () -> {
          begun.countDown();
          release.await(20, TimeUnit.SECONDS);
          ran.add(name);
        });
  }

  private void routes(Routes routes) {
    routes.get("/waits", r -> Response.of(202).background(waiting("first").then(waiting("next"))));
    routes.get("/one/{n}", r -> Response.of(202).background(waiting(r.param("n")).group(ONE)));
    routes.get(
        "/delayed",
        r ->
            Response.of(202)
                .background(waiting("delayed").delay(Duration.ofMillis(50)))
                .background(failingTwice()));
    routes.get(
        "/slow-request",
        r -> {
          begun.countDown();
          release.await(10, TimeUnit.SECONDS);
          return Response.of(202).background("after", () -> ran.add("after"));
        });
    routes.get(
        "/never-read",
        r -> {
          begun.countDown();
          return Response.bytes("application/x", new byte[64 << 20])
              .background("after", context -> ran.add(context.outcome().name()));
        });
  }

  private BackgroundTask failingTwice() {
    return BackgroundTask.of(
            "retried",
            context -> {
              if (context.attempt() < 3) {
                throw new IOException();
              }
              ran.add("attempt 3");
            })
        .retry(Retry.times(3).backoff(Duration.ofMillis(10)));
  }

  private Server serve(UnaryOperator<ServerOptions> change) {
    return Loopback.serve(App.of(this::routes), change);
  }

  private static CompletableFuture<ShutdownReport> shutDown(Server server) {
    CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
    Thread thread = new Thread(() -> report.complete(server.shutdown()));
    thread.setDaemon(true);
    thread.start();
    return report;
  }

  @Test
  void tasksThatRunAreWaitedForAndThoseBehindThemToo() throws Exception {
    Server server = serve(options -> options);
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/waits")).read();
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<ShutdownReport> report = shutDown(server);
      assertThat(client.isAtEnd()).as("the connection does not wait").isTrue();
      assertThat(report).isNotDone();
      release.countDown();

      assertThat(report.get(10, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(ran).containsExactly("first", "next");
    }
  }

  @Test
  void delaysAndRetriesAreWaitedForToo() throws Exception {
    release.countDown();
    Server server = serve(options -> options);
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/delayed", "Connection: close")).readAll();
    }

    assertThat(server.shutdown().clean()).isTrue();
    assertThat(ran).containsExactlyInAnyOrder("delayed", "attempt 3");
  }

  @Test
  void theTasksOfARequestInFlightStillRun() throws Exception {
    Server server = serve(options -> options);
    try (RawClient client = RawClient.to(server);
        RawClient idle = RawClient.to(server)) {
      assertThat(idle.send(get("/none")).read().status()).isEqualTo(404);
      client.send(get("/slow-request"));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<ShutdownReport> report = shutDown(server);
      assertThat(idle.isAtEnd()).as("it has begun").isTrue();
      assertThat(report).isNotDone();
      release.countDown();

      assertThat(client.readAll()).startsWith("HTTP/1.1 202 ").contains("Connection: close");
      client.close();
      assertThat(report.get(10, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(ran).containsExactly("after");
    }
  }

  @Test
  void aClientThatNeverReadsItsAnswerDoesNotTakeItsTasksWithIt() throws Exception {
    Server server = serve(options -> options.requestDrain(Duration.ofMillis(200)));
    try (RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/never-read"));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      client.readBytes(1_000);

      assertThat(server.shutdown().clean()).isTrue();
      assertThat(ran).containsExactly("DISCONNECTED");
    }
  }

  @Test
  void theReportAndTheLogNameWhatWasCutOff() throws Exception {
    Server server = serve(options -> options.taskDrain(Duration.ofMillis(200)));
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/one/a", "X-Request-Id: id-a") + get("/one/b", "X-Request-Id: id-b"));
      assertThat(client.read().status()).isEqualTo(202);
      assertThat(client.read().status()).isEqualTo(202);
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }
    ShutdownReport report = server.shutdown();

    assertThat(report.clean()).isFalse();
    assertThat(report.interrupted())
        .containsExactly(new TaskReport("a", "one", "/one/{n}", "id-a", 1));
    assertThat(report.neverStarted())
        .containsExactly(new TaskReport("b", "one", "/one/{n}", "id-b", 0));
    assertThat(ran).isEmpty();
    assertThat(log.all()).contains("id-a", "id-b", "/one/{n}");
  }

  @Test
  void underLoadNoAcknowledgedTaskIsLost() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    CountDownLatch warm = new CountDownLatch(200);
    Server server =
        Loopback.serve(
            routes ->
                routes.get(
                    "/",
                    request -> {
                      warm.countDown();
                      return Response.of(202).background("count", runs::incrementAndGet);
                    }));
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(clients.submit(() -> load(server, acknowledged)));
      }
      assertThat(warm.await(10, TimeUnit.SECONDS)).isTrue();
      ShutdownReport report = server.shutdown();
      for (Future<?> each : all) {
        each.get(10, TimeUnit.SECONDS);
      }

      assertThat(report.clean()).isTrue();
      assertThat(runs.get()).isGreaterThanOrEqualTo(acknowledged.get());
      BackgroundStats.Group stats = server.background().stats().groups().get("default");
      assertThat(stats.submitted()).isEqualTo(stats.succeeded()).isEqualTo(runs.get());
    } finally {
      clients.shutdownNow();
    }
  }

  /** Sends until the server is gone. */
  private static void load(Server server, AtomicInteger acknowledged) {
    while (true) {
      try (RawClient client = RawClient.to(server)) {
        for (int i = 0; i < 20; i++) {
          if (client.send(get("/")).read().status() == 202) {
            acknowledged.incrementAndGet();
          }
        }
      } catch (IOException e) {
        if (isGone(server)) {
          return;
        }
      }
    }
  }

  private static boolean isGone(Server server) {
    try (RawClient client = RawClient.to(server)) {
      return client.socket().isClosed();
    } catch (IOException e) {
      return true;
    }
  }
}
