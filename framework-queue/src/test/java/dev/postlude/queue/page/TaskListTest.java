package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page asks for, and what it may change. */
class TaskListTest {
  private static final String LONG = "x".repeat(400);
  private static final Pattern ID = Pattern.compile("\"id\":");
  private static final String[][] CHANGES = {
    {"POST", "/retry"}, {"POST", "/cancel"}, {"DELETE", ""}
  };

  @TempDir Path folder;

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private TaskType<String> letter;
  private TaskType<String> slow;
  private TaskQueue queue;
  private Ops ops;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("tasks.db");
    try (TaskQueue former = TaskQueue.sqlite(file)) {
      TaskType<String> gone = former.define("gone", String.class, (to, run) -> {});
      former.start();
      enqueue(gone.after(Duration.ofHours(1)), "x");
    }
    queue = TaskQueue.sqlite(file);
    letter =
        queue.defineWithResult(
            "letter",
            String.class,
            (to, run) -> {
              if (broken.get()) {
                throw new FatalTaskException(
                    (to.equals("long") ? LONG : "short") + "\nsecond line");
              }
              return Map.of("sent", to);
            });
    slow =
        queue.define(
            "slow",
            String.class,
            (to, run) -> {
              goOn.await();
            });
    ops = Ops.start(queue, routes -> {});
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    ops.close();
  }

  private static String enqueue(TaskType<String> type, String payload) throws Exception {
    return type.enqueue(payload).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private String in(TaskType<String> type, TaskState state) throws Exception {
    String id = enqueue(type, "zoe");
    await(id, state);
    return id;
  }

  private void await(String id, TaskState state) throws Exception {
    assertThat(Eventually.get(() -> queue.record(id).orElseThrow().state(), state::equals))
        .isEqualTo(state);
  }

  @Test
  void aLineHasTheBeginningOfTheErrorAndNeitherPayloadNorResult() throws Exception {
    String id = in(letter, TaskState.DEAD);
    String dead = ops.get("/ops/tasks?name=letter");
    assertThat(summary(dead)).endsWith("FatalTaskException: short");
    assertThat(dead)
        .contains("\"id\":\"" + id + "\"", "\"summary\":\"")
        .doesNotContain("second line", "payload", "zoe", "\"error\"");
    enqueue(letter, "long");
    String latest = "/ops/tasks?name=letter&limit=1&state=dead";
    String wordy = Eventually.get(() -> ops.get(latest), list -> list.contains("xxx"));
    assertThat(summary(wordy)).contains("FatalTaskException: xxx").hasSize(200);

    broken.set(false);
    assertThat(ops.change("POST", "/ops/tasks/" + id + "/retry").statusCode()).isEqualTo(204);
    await(id, TaskState.SUCCEEDED);
    assertThat(ops.get("/ops/tasks?name=letter&state=succeeded"))
        .contains(id)
        .doesNotContain("summary", "sent", "\"result\"");
    assertThat(ops.get("/ops/tasks/" + id)).contains("sent", "zoe");
  }

  private static String summary(String list) {
    return list.replaceAll(".*\"summary\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void theListIsOfTheStateAndTheNameThatAreAskedFor() throws Exception {
    String dead = in(letter, TaskState.DEAD);
    String running = in(slow, TaskState.RUNNING);

    assertThat(ops.get("/ops/tasks")).contains(dead, running, "\"name\":\"gone\"");
    assertThat(ops.get("/ops/tasks?state=&name=")).contains(dead, running);
    assertThat(ops.get("/ops/tasks?name=letter")).contains(dead).doesNotContain(running);
    assertThat(ops.get("/ops/tasks?state=running")).contains(running).doesNotContain(dead);
    assertThat(ops.get("/ops/tasks?name=slow&state=dead")).contains("\"tasks\":[]");
  }

  @Test
  void aListHasAHundredTasksUnlessMoreAreAskedForUpToAThousand() throws Exception {
    for (int i = 0; i < 101; i++) {
      enqueue(letter.after(Duration.ofHours(1)), "x");
    }

    String list = ops.get("/ops/tasks?name=letter");
    assertThat(ID.matcher(list).results()).hasSize(100);
    assertThat(list).contains("\"more\":true");
    String all = ops.get("/ops/tasks?name=letter&limit=1000");
    assertThat(ID.matcher(all).results()).hasSize(101);
    assertThat(all).contains("\"more\":false");
    assertThat(ops.send("GET", "/ops/tasks?limit=1001").statusCode()).isEqualTo(400);
  }

  @Test
  void noChangeIsMadeForAnotherSitesPageNorForALink() throws Exception {
    String dead = in(letter, TaskState.DEAD);
    for (String[] change : CHANGES) {
      String path = "/ops/tasks/" + dead + change[1];
      assertThat(ops.send(change[0], path).statusCode()).as(path).isEqualTo(403);
      for (String site : new String[] {"cross-site", "same-site", "anything"}) {
        HttpResponse<String> answer =
            ops.send(change[0], path, "X-Task-Page", "1", "Sec-Fetch-Site", site);
        assertThat(answer.statusCode()).as("%s from %s", path, site).isEqualTo(403);
      }
      assertThat(ops.send(change[0], path, "Sec-Fetch-Site", "same-origin").statusCode())
          .as("%s without the header", path)
          .isEqualTo(403);
    }
    for (String word : new String[] {"/retry", "/cancel"}) {
      String path = "/ops/tasks/" + dead + word;
      assertThat(ops.send("GET", path, "X-Task-Page", "1").statusCode()).isEqualTo(405);
    }
    assertThat(queue.record(dead).orElseThrow().state()).isEqualTo(TaskState.DEAD);
    String path = "/ops/tasks/" + dead;
    assertThat(ops.send("POST", path + "/retry", "X-Task-Page", "1").statusCode())
        .as("no browser, which says nothing of sites")
        .isEqualTo(204);
    await(dead, TaskState.DEAD);
    assertThat(ops.send("DELETE", path, "X-Task-Page", "1", "Sec-Fetch-Site", "none").statusCode())
        .as("typed by hand")
        .isEqualTo(204);
  }

  @Test
  void whatCannotBeDoneIsToldWithTheStateThatForbidsIt() throws Exception {
    String dead = in(letter, TaskState.DEAD);
    String running = in(slow, TaskState.RUNNING);

    assertRefused("POST", dead + "/cancel", 409, "a task that is dead cannot be called off");
    assertRefused("POST", running + "/retry", 409, "a task that is running cannot be run again");
    assertRefused("DELETE", running, 409, "a task that is running cannot be removed");
    assertRefused("POST", "nothing/retry", 404, "there is no such task");
    assertRefused("POST", "nothing/cancel", 404, "there is no such task");
  }

  private void assertRefused(String method, String path, int status, String why) throws Exception {
    HttpResponse<String> answer = ops.change(method, "/ops/tasks/" + path);
    assertThat(answer.statusCode()).as(path).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  @Test
  void nothingIsKeptByCachesNorToldToOthers() throws Exception {
    String dead = in(letter, TaskState.DEAD);
    for (String path : new String[] {"/", "/stats", "/metrics", "/tasks", "/tasks/" + dead}) {
      var headers = ops.send("GET", "/ops" + path).headers();
      assertThat(headers.firstValue("Cache-Control")).as(path).contains("no-store");
      assertThat(headers.firstValue("Referrer-Policy")).as(path).contains("no-referrer");
      assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
    }
  }

  @Test
  void thePictureComesAgainThoughNothingChanges() throws Exception {
    HttpRequest events = HttpRequest.newBuilder(URI.create(ops.uri("/ops/events"))).build();
    try (Stream<String> lines =
        HttpClient.newHttpClient().send(events, BodyHandlers.ofLines()).body()) {
      List<String> pictures =
          lines.filter(line -> line.startsWith("data: {")).limit(2).toList(); // takes 5 seconds
      assertThat(pictures.get(1)).isEqualTo(pictures.get(0));
    }
  }

  @Test
  void namesThatNothingIsDefinedForAreTold() throws Exception {
    assertThat(ops.get("/ops/stats"))
        .contains("\"unknownNames\":[\"gone\"]", "\"names\":[\"gone\",\"letter\",\"slow\"]");
  }
}
