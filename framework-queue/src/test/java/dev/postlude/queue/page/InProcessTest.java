package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.RunWhen;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.routing.Routes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page tells of the tasks that are not stored. */
class InProcessTest {
  private static final TaskGroup ONE =
      TaskGroup.of("one").maxConcurrent(1).maxQueued(1).whenFull(TaskGroup.WhenFull.DROP);

  @TempDir Path folder;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Ops ops;

  @BeforeEach
  void start() throws Exception {
    ops = Ops.start(TaskQueue.sqlite(folder.resolve("tasks.db")), this::routes);
  }

  private void routes(Routes routes) {
    routes.get(
        "/named/{name}", request -> background(BackgroundTask.of(request.param("name"), () -> {})));
    routes.get(
        "/fails",
        request ->
            background(
                BackgroundTask.of("fails", InProcessTest::fail)
                    .retry(Retry.times(1).backoff(Duration.ofMillis(1)))));
    routes.get(
        "/waits",
        request ->
            background(
                BackgroundTask.of(
                        "waits",
                        () -> {
                          begun.countDown();
                          goOn.await();
                        })
                    .group(ONE)));
    routes.get(
        "/skipped",
        request -> background(BackgroundTask.of("skipped", () -> {}).when(RunWhen.NOT_SENT)));
  }

  private static void fail() {
    throw new IllegalStateException("no paper");
  }

  private static Response background(BackgroundTask task) {
    return Response.accepted().background(task);
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    ops.close();
  }

  private String stats() throws Exception {
    assertThat(ops.server().background().awaitQuiet(Duration.ofSeconds(30))).isTrue();
    return ops.get("/ops/stats");
  }

  private static String counts(
      String name, int waiting, int running, int succeeded, int failed, int retried, int other) {
    return String.format(
        "{\"name\":\"%s\",\"waiting\":%d,\"running\":%d,\"succeeded\":%d,\"failed\":%d,"
            + "\"retried\":%d,\"other\":%d}",
        name, waiting, running, succeeded, failed, retried, other);
  }

  @Test
  void aFailureIsCountedWithItsRetriesAndTold() throws Exception {
    ops.get("/app/fails");

    assertThat(stats())
        .contains(counts("fails", 0, 0, 0, 1, 1, 0))
        .contains("\"recent\":[{\"state\":\"failed\",\"name\":\"fails\",\"route\":\"/app/fails\"")
        .contains("\"attempt\":2", "IllegalStateException: no paper");
    assertThat(ops.get("/ops/metrics").lines())
        .contains("postlude_background_tasks_total{name=\"fails\",outcome=\"failed\"} 1");
  }

  @Test
  void whatRunsWhatWaitsAndWhatFindsNoPlaceAreTold() throws Exception {
    ops.get("/app/waits");
    begun.await();
    ops.get("/app/waits");
    ops.get("/app/waits");

    assertThat(ops.get("/ops/stats"))
        .contains(counts("waits", 1, 1, 0, 0, 0, 1))
        .contains("\"recent\":[{\"state\":\"rejected\"", "there was no place for it");
    assertThat(ops.get("/ops/metrics").lines())
        .contains(
            "postlude_background_running{name=\"waits\"} 1",
            "postlude_background_waiting{name=\"waits\"} 1",
            "postlude_background_tasks_total{name=\"waits\",outcome=\"other\"} 1");

    goOn.countDown();
    assertThat(stats()).contains(counts("waits", 0, 0, 2, 0, 0, 1));
  }

  @Test
  void whatIsSkippedWaitsNoMore() throws Exception {
    ops.get("/app/skipped");

    assertThat(stats())
        .contains(counts("skipped", 0, 0, 0, 0, 0, 1))
        .contains("\"recent\":[{\"state\":\"skipped\"");
  }

  @Test
  void theLatestThirtyAreToldTheLatestFirst() throws Exception {
    for (int i = 1; i <= 31; i++) {
      ops.get("/app/named/task-" + i + "-");
      stats();
    }

    String recent = stats().replaceAll(".*\"recent\":(\\[[^]]*]).*", "$1");
    assertThat(recent)
        .startsWith("[{\"state\":\"succeeded\",\"name\":\"task-31-\"")
        .contains("task-2-")
        .doesNotContain("task-1-");
  }

  @Test
  void ofMoreThanAThousandNamesTheRestIsCountedTogether() throws Exception {
    for (int i = 1; i <= 1_002; i++) {
      ops.get("/app/named/name-" + i + "-");
    }
    ops.get("/app/named/name-1-");

    assertThat(stats())
        .contains(counts("name-1-", 0, 0, 2, 0, 0, 0))
        .contains(counts("name-1000-", 0, 0, 1, 0, 0, 0))
        .contains(counts("(others)", 0, 0, 2, 0, 0, 0))
        .doesNotContain("\"name-1001-\",\"waiting\"");
  }
}
