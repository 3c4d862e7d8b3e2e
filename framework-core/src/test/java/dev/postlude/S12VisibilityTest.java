package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundStats;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.RunWhen;
import dev.postlude.background.TaskContext;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be seen of background work: by a listener, by counts, and by the client itself. */
class S12VisibilityTest {
  private static final TaskGroup TINY = TaskGroup.of("tiny").maxConcurrent(1).maxQueued(0);

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private final class Listener implements BackgroundListener {
    @Override
    public void queued(TaskContext task) {
      told.add("queued");
    }

    @Override
    public void started(TaskContext task) {
      told.add("started");
    }

    @Override
    public void succeeded(TaskContext task) {
      told.add("succeeded");
    }

    @Override
    public void failed(TaskContext task, Throwable error) {
      told.add("failed");
    }

    @Override
    public void retried(TaskContext task, Throwable error, Duration wait) {
      told.add("retried");
    }

    @Override
    public void timedOut(TaskContext task, Duration timeout) {
      told.add("timedOut");
    }

    @Override
    public void rejected(TaskContext task) {
      told.add("rejected");
    }

    @Override
    public void skipped(TaskContext task, String reason) {
      told.add("skipped");
    }

    @Override
    public void progressed(TaskContext task, long done, long total, String message) {
      told.add(done + "/" + total);
    }
  }

  private static BackgroundTask failing() {
    return BackgroundTask.of(
        "fails",
        () -> {
          throw new IOException("secret");
        });
  }

  private BackgroundTask waiting() {
    return BackgroundTask.of(
        "waits",
        context -> {
          context.progress(1, 3, "a third");
          begun.countDown();
          release.await(10, TimeUnit.SECONDS);
        });
  }

  private void routes(Routes routes) {
    routes.taskStatus("/tasks");
    routes.get("/succeeds", r -> Response.of(200).background("a", () -> {}));
    routes.get("/fails", r -> Response.of(200).background(failing()));
    routes.get("/retries", r -> Response.of(200).background(failing().retry(Retry.times(1))));
    routes.get(
        "/times-out",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.async("late", context -> new CompletableFuture<>())
                        .timeout(Duration.ofMillis(20))));
    routes.get(
        "/skips",
        r -> Response.of(200).background(BackgroundTask.of("a", () -> {}).when(RunWhen.NOT_SENT)));
    routes.get(
        "/rejects",
        r ->
            Response.of(200)
                .background(BackgroundTask.chain(failing().group(TINY), failing().group(TINY))));
    routes.get(
        "/progresses",
        r -> Response.of(200).background("a", context -> context.progress(1, 2, "")));
    routes.get("/waits", r -> Response.of(202).background(waiting()));
    routes.get("/accepts", r -> Response.accepted(waiting()));
    routes.get("/accepts-in-vain", r -> Response.accepted(failing()));
  }

  private Server serve() {
    return Loopback.serve(
        App.of(this::routes).with(BackgroundOptions.defaults().listener(new Listener())));
  }

  @ParameterizedTest
  @CsvSource({
    "/succeeds, '[queued, started, succeeded]'",
    "/fails, '[queued, started, failed]'",
    "/retries, '[queued, started, retried, started, failed]'",
    "/times-out, '[queued, started, timedOut, failed]'",
    "/skips, '[queued, skipped]'",
    "/rejects, '[rejected, rejected]'",
    "/progresses, '[queued, started, 1/2, succeeded]'",
  })
  void aListenerIsToldOfEveryStep(String path, String steps) throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = serve();
        RawClient client = RawClient.to(server)) {
      client.send(get(path)).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(told).hasToString(steps);
      assertThat(log).isNotNull();
    }
  }

  @Test
  void aMountedPartMayListenToTheWholeApp() throws Exception {
    Listener listener = new Listener();
    Server started =
        Loopback.serve(
            routes -> {
              routes.get("/", r -> Response.of(200).background("a", () -> {}));
              routes.group(
                  "/ops",
                  ops -> {
                    ops.listener(listener);
                    ops.listener(listener); // once is enough
                  });
            });
    try (Server server = started;
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
      assertThat(told).hasToString("[queued, started, succeeded]");
    }
  }

  @Test
  void countsTellWhatRunsAndWhatWaits() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      server.background().pause();
      client.send(get("/succeeds")).read();
      assertThat(stats(server).queued()).isEqualTo(1);
      assertThat(stats(server).running()).isZero();
      server.background().resume();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      client.send(get("/waits")).read();
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(stats(server).running()).isEqualTo(1);
      assertThat(stats(server).submitted()).isEqualTo(2);
      assertThat(stats(server).succeeded()).isEqualTo(1);
      assertThat(stats(server).oldestAge()).isPositive();
      release.countDown();
    }
  }

  private static BackgroundStats.Group stats(Server server) {
    return server.background().stats().groups().get("default");
  }

  @Test
  void aRequestsTimeEndsWithItsResponseAndNotWithItsTasks() throws Exception {
    CompletableFuture<Instant> finished = new CompletableFuture<>();
    App app =
        App.of(
            routes ->
                routes.get(
                    "/",
                    request -> {
                      request.onFinish(exchange -> finished.complete(exchange.finishedAt()));
                      return Response.of(202).background(waiting());
                    }));
    try (Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(finished.get(10, TimeUnit.SECONDS)).isBeforeOrEqualTo(Instant.now());
      release.countDown();
    }
  }

  @Test
  void aClientMayAskHowFarItsWorkIs() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = serve();
        RawClient client = RawClient.to(server)) {
      server.background().pause();
      Reply accepted = client.send(get("/accepts")).read();
      assertThat(accepted.status()).isEqualTo(202);
      String location = accepted.header("Location");
      assertThat(location).startsWith("/tasks/");
      assertThat(client.send(get(location)).read().text()).contains("\"status\":\"pending\"");

      server.background().resume();
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.send(get(location)).read().text())
          .contains("\"status\":\"running\"", "\"attempts\":1", "a third");

      release.countDown();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
      assertThat(client.send(get(location)).read().text()).contains("\"status\":\"succeeded\"");

      String other = client.send(get("/accepts-in-vain")).read().header("Location");
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
      assertThat(client.send(get(other)).read().text())
          .contains("\"status\":\"failed\"")
          .doesNotContain("secret", "Exception");
      assertThat(client.send(get("/tasks/nonsense")).read().status()).isEqualTo(404);
      assertThat(log).isNotNull();
    }
  }
}
