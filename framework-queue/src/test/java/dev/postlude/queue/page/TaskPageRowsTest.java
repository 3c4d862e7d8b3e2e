package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Chromium;
import dev.postlude.rig.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** What a real browser shows of tasks in each state, and what it offers to do with them. */
class TaskPageRowsTest {
  private static final String TAGS = "<b>bold</b> & \"quoted\"";

  @TempDir Path folder;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Map<String, TaskType<String>> types = new LinkedHashMap<>();
  private Ops ops;
  private TaskQueue queue;
  private Chromium browser;

  /** A system that takes tasks or does not, and tells nothing. */
  private record Elsewhere(boolean takes) implements HandOff {
    @Override
    public String system() {
      return "elsewhere";
    }

    @Override
    public String publish(Envelope task) throws IOException {
      if (!takes) {
        throw new IOException("nobody is at home");
      }
      return task.id();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      return ForeignStatus.pending();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser = Chromium.start();
    Path file = folder.resolve("tasks.db");
    try (TaskQueue former = TaskQueue.sqlite(file)) {
      TaskType<String> gone = former.define("gone", String.class, (to, run) -> {});
      former.start();
      enqueue(gone.after(Duration.ofHours(1)));
    }
    queue = TaskQueue.sqlite(file);
    types.put("dead", queue.define("dead", String.class, (to, run) -> fail()));
    types.put("succeeded", queue.defineWithResult("succeeded", String.class, (to, run) -> to));
    types.put(
        "running",
        queue.define(
            "running",
            String.class,
            (to, run) -> {
              goOn.await();
            }));
    types.put(
        "retrying",
        queue.define(
            "retrying",
            String.class,
            TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofHours(1))),
            (to, run) -> {
              throw new IllegalStateException("not yet");
            }));
    types.put("handed_off", queue.define("handed_off", String.class, new Elsewhere(true)));
    types.put("away", queue.define("away", String.class, new Elsewhere(false)));
    types.put(TAGS, queue.defineWithResult(TAGS, String.class, (to, run) -> to));
    ops =
        Ops.start(
            queue,
            routes ->
                routes.get(
                    "/local",
                    request ->
                        Response.accepted().background(BackgroundTask.of(TAGS + "!", () -> {}))));
    browser.driver().get(ops.uri("/ops/"));
  }

  private static Object fail() {
    throw new FatalTaskException(TAGS);
  }

  @AfterEach
  void close() {
    goOn.countDown();
    if (browser != null) {
      browser.close();
    }
    if (ops != null) {
      ops.close();
    }
  }

  private static String enqueue(TaskType<String> type) throws Exception {
    return type.enqueue(TAGS).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private TaskType<String> type(String name) {
    return types.get(name);
  }

  private String in(TaskState state, TaskType<String> type) throws Exception {
    String id = enqueue(type);
    assertThat(Eventually.get(() -> queue.record(id).orElseThrow().state(), state::equals))
        .isEqualTo(state);
    return id;
  }

  private void assertOffered(String id, String state, String... buttons) {
    String row = "#tasks tr[data-id='" + id + "']";
    browser.await(row + " .state", state);
    assertThat(texts(row + " .actions button")).as(state).containsExactly(buttons);
  }

  /** All at one moment: the page draws its rows anew. */
  private List<String> texts(String selector) {
    String script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)";
    return ((List<?>) browser.driver().executeScript(script, selector))
        .stream().map(String::valueOf).toList();
  }

  private void click(String id, String button) {
    browser.click("#tasks tr[data-id='" + id + "'] .actions button", button);
  }

  @Test
  void aRowOffersWhatItsStateAllowsAndARefusalIsTold() throws Exception {
    String cancelled = enqueue(type("succeeded").after(Duration.ofHours(1)));
    assertThat(queue.cancel(cancelled)).isTrue();
    String queued = enqueue(type("succeeded").after(Duration.ofHours(1)));
    String dead = in(TaskState.DEAD, type("dead"));
    String succeeded = in(TaskState.SUCCEEDED, type("succeeded"));
    String running = in(TaskState.RUNNING, type("running"));
    String retrying = in(TaskState.RETRYING, type("retrying"));
    String handedOff = in(TaskState.HANDED_OFF, type("handed_off"));
    enqueue(type("away"));

    assertOffered(dead, "dead", "Run again", "Remove");
    assertOffered(cancelled, "cancelled", "Run again", "Remove");
    assertOffered(succeeded, "succeeded", "Remove");
    assertOffered(queued, "queued", "Cancel");
    assertOffered(running, "running", "Cancel");
    assertOffered(retrying, "retrying", "Run again", "Cancel");
    assertOffered(handedOff, "handed off", "Run again", "Cancel");
    browser.await("#unknown", "Nothing is defined here for: gone.");
    browser.await("#unreachable", "away (nobody is at home)");

    click(handedOff, "Cancel");
    browser.await("#said", "a task that is handed_off cannot be called off");
    click(retrying, "Run again");
    browser.await("#said", "retrying runs again.");
    browser.await("#tasks tr[data-id='" + retrying + "'] .state", "dead");
    click(queued, "Cancel");
    browser.await("#said", "succeeded is called off.");
    assertOffered(queued, "cancelled", "Run again", "Remove");
    click(queued, "Remove");
    browser.await("#said", "succeeded is removed.");
    assertThat(queue.record(queued)).isEmpty();
  }

  @Test
  void whatTasksSayIsShownAsText() throws Exception {
    String named = in(TaskState.SUCCEEDED, type(TAGS));
    String dead = in(TaskState.DEAD, type("dead"));
    assertThat(ops.send("GET", "/app/local").statusCode()).isEqualTo(202);

    browser.await("#tasks tr[data-id='" + dead + "'] .what", TAGS);
    browser.await("#names tbody td", TAGS + "!");
    browser.await("#recent span", TAGS + "!");
    browser.await("#name option", TAGS);
    browser.click("#tasks tr[data-id='" + named + "'] .link", TAGS);
    browser.await("#tasks .details dd", named);
    List<String> blocks = texts("#tasks .details pre");
    assertThat(blocks).as("payload and result").hasSize(2);
    assertThat(blocks).allMatch(text -> text.contains("<b>bold</b> & "));
    assertThat(texts("b")).isEmpty();
    browser.click("#tasks tr[data-id='" + named + "'] .link", TAGS);
    assertThat(Eventually.get(() -> texts("#tasks .details"), List::isEmpty)).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aLongListIsShownInPartsAndByStateAndName() throws Exception {
    for (int i = 0; i < 60; i++) {
      enqueue(type("succeeded").after(Duration.ofHours(1)));
    }
    String dead = in(TaskState.DEAD, type("dead"));

    browser.await("#states .queued strong", "61");
    browser.await("#tasks tr[data-id='" + dead + "'] .state", "dead");
    assertThat(rows()).isEqualTo(50);
    browser.click("#more", "Show more");
    assertThat(Eventually.get(this::rows, rows -> rows == 62)).isEqualTo(62);
    assertThat(shown("#more")).isFalse();

    browser.click("#states .dead button", "dead");
    assertThat(Eventually.get(this::rows, rows -> rows == 1)).isEqualTo(1);
    browser.await("#states .dead button[aria-pressed=true]");
    browser.click("#states .dead button", "dead"); // and back again
    assertThat(Eventually.get(this::rows, rows -> rows == 50)).isEqualTo(50);
    browser.await("#states .dead button[aria-pressed=false]");
    browser.click("#name option", "gone");
    assertThat(Eventually.get(this::rows, rows -> rows == 1)).isEqualTo(1);
    browser.await("#tasks .link", "gone");
    assertThat(shown("#clear")).isFalse();

    List<String> figures = List.of("0.0 s", "61", "0", "1", "0");
    assertThat(Eventually.get(() -> texts("#figures dd"), figures::equals)).isEqualTo(figures);
    assertThat(browser.driver().findElement(By.id("chart")).getDomAttribute("aria-label"))
        .matches("\\d+ well and \\d+ failed a second; at most \\d+");
    ops.close();
    browser.await("#live[data-on=no]", "connection lost, trying again");
  }

  private int rows() {
    return browser.driver().findElements(By.cssSelector("#tasks tbody tr")).size();
  }

  private boolean shown(String selector) {
    return browser.driver().findElement(By.cssSelector(selector)).isDisplayed();
  }
}
