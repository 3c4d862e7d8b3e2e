package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.filter.BasicAuth;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskState;
import dev.postlude.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskPageTest {
  @TempDir static Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private TaskQueue queue;
  private TaskType<Letter> letter;
  private TaskType<Letter> slow;
  private TaskType<Letter> away;
  private Server server;

  record Letter(String to) {}

  @BeforeEach
  void start() throws Exception {
    queue = TaskQueue.sqlite(folder.resolve(System.nanoTime() + ".db"));
    letter =
        queue.defineWithResult(
            "letter",
            Letter.class,
            (payload, run) -> {
              if (broken.get()) {
                throw new FatalTaskException("no stamps for <b>" + payload.to() + "</b>");
              }
              return Map.of("sent", payload.to());
            });
    slow =
        queue.define(
            "slow",
            Letter.class,
            (payload, run) -> {
              run.progress(1, 4, "a quarter");
              goOn.await();
            });
    away =
        queue.define(
            "away",
            Letter.class,
            new HandOff() {
              @Override
              public String system() {
                return "away";
              }

              @Override
              public String publish(Envelope task) throws IOException {
                throw new IOException("nobody is at home");
              }

              @Override
              public ForeignStatus status(String foreignId) {
                return ForeignStatus.pending();
              }
            });
    App app =
        App.of(
            routes -> {
              routes.get("/local", request -> Response.accepted().background(local()));
              routes.get("/stored", request -> Response.accepted(slow.with(new Letter("x"))));
              routes.group("/ops/tasks", TaskPage.of(queue)::routes);
              routes.group(
                  "/locked",
                  group -> {
                    group.filter(BasicAuth.of("ops", Map.of("admin", "secret")));
                    TaskPage.of(queue).routes(group);
                  });
            });
    server =
        app.with(app.server().host("127.0.0.1").port(0).stopOnSignal(false)).with(queue).start();
  }

  private static BackgroundTask local() {
    return BackgroundTask.of("local", () -> {});
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> change(String method, String path) throws Exception {
    return send(method, path, "X-Task-Page", "1", "Sec-Fetch-Site", "same-origin");
  }

  private String dead(String to) throws Exception {
    String id = letter.enqueue(new Letter(to)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    await(id, TaskState.DEAD);
    return id;
  }

  private void await(String id, TaskState state) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (queue.record(id).orElseThrow().state() != state) {
      assertThat(System.nanoTime()).as("%s was to be %s", id, state).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @Test
  void thePageComesWithAPolicyThatAllowsNothingFromElsewhere() throws Exception {
    HttpResponse<String> bare = send("GET", "/ops/tasks");
    assertThat(bare.statusCode()).isEqualTo(308);
    assertThat(bare.headers().firstValue("Location")).contains("tasks/");

    HttpResponse<String> page = send("GET", "/ops/tasks/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.body()).doesNotContain("http://", "https://", "style=", "onclick");
    assertThat(send("GET", "/ops/tasks/assets/page.js").body()).doesNotContain("innerHTML");
    assertThat(send("GET", "/ops/tasks/assets/page.css").statusCode()).isEqualTo(200);
  }

  @Test
  void aFilterOfTheAppStandsBeforeAllOfIt() throws Exception {
    for (String path : new String[] {"/", "/stats", "/metrics", "/events", "/assets/page.js"}) {
      assertThat(send("GET", "/locked" + path).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(change("POST", "/locked/tasks/x/retry").statusCode()).isEqualTo(401);
  }

  @Test
  void aDeadTaskIsListedLookedAtRunAgainAndRemoved() throws Exception {
    String id = dead("ada");

    assertThat(send("GET", "/ops/tasks/tasks?state=dead&name=letter").body())
        .contains(id, "\"state\":\"dead\"", "no stamps for", "\"more\":false")
        .doesNotContain("payload");
    assertThat(send("GET", "/ops/tasks/tasks?state=succeeded").body()).doesNotContain(id);
    assertThat(send("GET", "/ops/tasks/tasks/" + id).body())
        .contains("{\\\"to\\\":\\\"ada\\\"}", "FatalTaskException");

    broken.set(false);
    assertThat(change("POST", "/ops/tasks/tasks/" + id + "/retry").statusCode()).isEqualTo(204);
    await(id, TaskState.SUCCEEDED);
    assertThat(send("GET", "/ops/tasks/tasks/" + id).body()).contains("{\\\"sent\\\":\\\"ada\\\"}");
    HttpResponse<String> again = change("POST", "/ops/tasks/tasks/" + id + "/retry");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("succeeded", "cannot be run again");

    assertThat(change("DELETE", "/ops/tasks/tasks/" + id).statusCode()).isEqualTo(204);
    assertThat(send("GET", "/ops/tasks/tasks/" + id).statusCode()).isEqualTo(404);
    assertThat(change("DELETE", "/ops/tasks/tasks/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void whatCannotBeHandedOverIsToldOf() throws Exception {
    String id = away.enqueue(new Letter("x")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    while (queue.stats().unreachable().isEmpty()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(send("GET", "/ops/tasks/stats").body())
        .contains("\"unreachable\":{\"away\":\"nobody is at home\"}");
    assertThat(send("GET", "/ops/tasks/metrics").body())
        .contains("postlude_queue_unreachable{name=\"away\"} 1");
    assertThat(change("POST", "/ops/tasks/tasks/" + id + "/cancel").statusCode()).isEqualTo(204);
  }

  @Test
  void aRunningTaskIsCalledOff() throws Exception {
    String id = slow.enqueue(new Letter("x")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    await(id, TaskState.RUNNING);
    assertThat(change("POST", "/ops/tasks/tasks/" + id + "/cancel").statusCode()).isEqualTo(204);
    await(id, TaskState.CANCELLED);
  }

  @Test
  void whatAnotherSitesPageCouldSendIsRefused() throws Exception {
    String id = dead("ada");
    String path = "/ops/tasks/tasks/" + id + "/retry";

    assertThat(send("POST", path).statusCode()).as("a form's POST").isEqualTo(403);
    assertThat(send("POST", path, "X-Task-Page", "1", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(send("POST", path, "X-Task-Page", "1", "Sec-Fetch-Site", "same-site").statusCode())
        .isEqualTo(403);
    assertThat(send("DELETE", "/ops/tasks/tasks/" + id).statusCode()).isEqualTo(403);
    assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.DEAD);
  }

  @Test
  void aBadQuestionIsToldWhatIsWrong() throws Exception {
    assertThat(send("GET", "/ops/tasks/tasks?state=lost").body()).contains("held, queued, running");
    assertThat(send("GET", "/ops/tasks/tasks?limit=0").statusCode()).isEqualTo(400);
    assertThat(send("GET", "/ops/tasks/tasks?limit=many").statusCode()).isEqualTo(400);
    assertThat(send("GET", "/ops/tasks/tasks?after=nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void longListsGoOnAfterTheLastOne() throws Exception {
    String first = dead("a");
    String second = dead("b");
    assertThat(send("GET", "/ops/tasks/tasks?limit=1").body())
        .contains(second, "\"more\":true")
        .doesNotContain(first);
    assertThat(send("GET", "/ops/tasks/tasks?limit=1&after=" + second).body())
        .contains(first)
        .doesNotContain(second);
  }

  @Test
  void figuresComeAsJsonForPrometheusAndLive() throws Exception {
    dead("ada");
    assertThat(send("GET", "/local").statusCode()).isEqualTo(202);
    assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

    assertThat(send("GET", "/ops/tasks/stats").body())
        .contains("\"dead\":1", "\"names\":[\"away\",\"letter\",\"slow\"]", "\"name\":\"local\"")
        .contains("\"route\":\"/local\"")
        .containsPattern("\"states\":\\{[^}]*\"succeeded\":0,\"dead\":1")
        .contains("\"enqueued\":1,\"succeeded\":0,\"failed\":1,\"dead\":1,\"running\":0");
    HttpResponse<String> metrics = send("GET", "/ops/tasks/metrics");
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body().lines())
        .contains(
            "# TYPE postlude_queue_tasks gauge",
            "postlude_queue_tasks{name=\"letter\",state=\"dead\"} 1",
            "postlude_queue_dead_total 1",
            "postlude_background_tasks_total{name=\"local\",outcome=\"succeeded\"} 1",
            "postlude_background_running{name=\"local\"} 0")
        .allMatch(
            line ->
                line.matches("# (HELP|TYPE) .*")
                    || line.matches(
                        "[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E]+"));

    HttpRequest events =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/ops/tasks/events"))
            .build();
    try (Stream<String> lines = client.send(events, BodyHandlers.ofLines()).body()) {
      assertThat(lines.limit(2).toList())
          .satisfiesExactly(
              line -> assertThat(line).isEqualTo("event: stats"),
              line -> assertThat(line).startsWith("data: {").contains("\"states\""));
    }
  }

  @Test
  void whatIsOnlyHandedOverIsNoTaskOfTheProcess() throws Exception {
    assertThat(send("GET", "/stored").statusCode()).isEqualTo(202);
    assertThat(send("GET", "/local").statusCode()).isEqualTo(202);
    assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
    assertThat(send("GET", "/ops/tasks/stats").body())
        .contains("\"name\":\"local\"")
        .doesNotContain("\"name\":\"slow\"");
  }
}
