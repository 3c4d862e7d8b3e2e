package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.rig.Chromium;
import dev.postlude.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The page in a real browser. */
class TaskPageBrowserTest {
  @TempDir Path folder;

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Server server;
  private Chromium browser;

  record Letter(String to) {}

  @BeforeEach
  void open() throws Exception {
    browser = Chromium.start();
    TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));
    TaskType<Letter> letter =
        queue.defineWithResult("letter", Letter.class, (payload, run) -> deliver(payload));
    TaskType<Letter> slow =
        queue.define(
            "slow",
            Letter.class,
            (payload, run) -> {
              run.progress(1, 4, "a quarter");
              goOn.await();
            });
    BackgroundTask local = BackgroundTask.of("local", () -> {});
    App app =
        App.of(
            routes -> {
              routes.get("/letter", r -> Response.accepted(letter.with(new Letter("ada"))));
              routes.get("/slow", r -> Response.accepted(slow.with(new Letter("bob"))));
              routes.get("/local", r -> Response.accepted().background(local));
              routes.group("/ops/tasks", TaskPage.of(queue)::routes);
            });
    server =
        app.with(app.server().host("127.0.0.1").port(0).stopOnSignal(false)).with(queue).start();
  }

  private Map<String, String> deliver(Letter letter) {
    if (broken.get()) {
      throw new FatalTaskException("no stamps for <b>" + letter.to() + "</b>");
    }
    return Map.of("sent", letter.to());
  }

  @AfterEach
  void close() {
    goOn.countDown();
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aDeadTaskIsSeenLiveRunAgainAndRemoved() throws Exception {
    browser.driver().get("http://127.0.0.1:" + server.port() + "/ops/tasks");
    browser.await("#live", "live");
    get("/letter");
    get("/local");

    browser.await("#states .dead strong", "1");
    browser.await("#tasks .state", "dead");
    browser.await("#tasks .what", "no stamps for <b>ada</b>"); // shown as text
    browser.await("#names tbody td", "local");
    browser.await("#recent .state", "succeeded");
    browser.click("#tasks .link", "letter");
    browser.await("#tasks .details pre", "FatalTaskException");

    broken.set(false);
    browser.click("#tasks .actions button", "Run again");
    browser.await("#said", "letter runs again.");
    browser.await("#states .succeeded strong", "1");
    browser.await("#tasks .state", "succeeded");

    browser.click("#tasks .actions button", "Remove");
    browser.await("#none", "No tasks here.");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatRunsShowsItsProgressAndIsCalledOffAlsoOnAPhone() throws Exception {
    browser.screen(390, 800, "light");
    get("/slow");
    browser.driver().get("http://127.0.0.1:" + server.port() + "/ops/tasks/");

    browser.await("#tasks .state", "running");
    browser.await("#tasks .what", "a quarter");
    assertThat(
            browser.driver().findElement(By.cssSelector("#tasks progress")).getDomProperty("value"))
        .isEqualTo("1");
    assertThat(
            (Boolean)
                browser.driver().executeScript("return document.body.scrollWidth <= innerWidth"))
        .as("nothing sticks out")
        .isTrue();
    browser.click("#states .running button", "running");
    browser.click("#tasks .actions button", "Cancel");
    browser.await("#said", "slow is called off.");
    browser.await("#states .cancelled strong", "1");
    browser.await("#none", "No tasks here."); // the list is that of running ones
    browser.click("#clear", "Show all states");
    browser.await("#tasks .state", "cancelled");
    assertThat(browser.faintTexts()).isEmpty();
    browser.screen(390, 800, "dark");
    assertThat(browser.faintTexts()).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  private void get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
            BodyHandlers.discarding());
  }
}
