package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The page in a real browser. It needs Debian's {@code chromium} and {@code chromium-driver}, or
 * another Chromium that {@code -Dchromium=...} and {@code -Dchromedriver=...} name; without them it
 * is skipped, and {@code .ci/run} calls that a failure.
 */
class TaskPageBrowserTest {
  private static final Path CHROMIUM = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
  private static final Path DRIVER =
      Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver"));

  @TempDir Path folder;

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Server server;
  private ChromeDriver browser;

  record Letter(String to) {}

  @BeforeEach
  void open() throws Exception {
    boolean present = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!present) {
      System.err.println(
          "\n*** THE TASK PAGE IS NOT TESTED: there is no "
              + CHROMIUM
              + " with "
              + DRIVER
              + ". On Debian: apt-get install chromium chromium-driver\n");
    }
    assumeTrue(present, "no Chromium here: the task page is not tested");
    TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));
    TaskType<Letter> letter =
        queue.define("letter", Letter.class, (payload, run) -> deliver(payload));
    TaskType<Letter> slow =
        queue.define(
            "slow",
            Letter.class,
            (payload, run) -> {
              run.progress(1, 4, "a quarter");
              goOn.await();
              return null;
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
    ChromeDriverService driver =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    browser = new ChromeDriver(driver, options());
  }

  private Map<String, String> deliver(Letter letter) {
    if (broken.get()) {
      throw new FatalTaskException("no stamps for <b>" + letter.to() + "</b>");
    }
    return Map.of("sent", letter.to());
  }

  private ChromeOptions options() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    return options.addArguments(
        "--headless",
        "--no-sandbox", // does without the kernel's user namespaces, which containers forbid
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile"));
  }

  @AfterEach
  void close() {
    goOn.countDown();
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aDeadTaskIsSeenLiveRunAgainAndRemoved() throws Exception {
    browser.get("http://127.0.0.1:" + server.port() + "/ops/tasks");
    await("#live", "live");
    get("/letter");
    get("/local");

    await("#states .dead strong", "1");
    await("#tasks .state", "dead");
    await("#tasks .what", "no stamps for <b>ada</b>"); // shown as text
    await("#names tbody td", "local");
    await("#recent .state", "succeeded");
    click("#tasks .link", "letter");
    await("#tasks .details pre", "FatalTaskException");

    broken.set(false);
    click("#tasks .actions button", "Run again");
    await("#said", "letter runs again.");
    await("#states .succeeded strong", "1");
    await("#tasks .state", "succeeded");

    click("#tasks .actions button", "Remove");
    await("#none", "No tasks here.");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  @Test
  void whatRunsShowsItsProgressAndIsCalledOffAlsoOnAPhone() throws Exception {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 800, "deviceScaleFactor", 1, "mobile", true));
    get("/slow");
    browser.get("http://127.0.0.1:" + server.port() + "/ops/tasks/");

    await("#tasks .state", "running");
    await("#tasks .what", "a quarter");
    assertThat(browser.findElement(By.cssSelector("#tasks progress")).getDomProperty("value"))
        .isEqualTo("1");
    assertThat((Boolean) browser.executeScript("return document.body.scrollWidth <= innerWidth"))
        .as("nothing sticks out")
        .isTrue();
    click("#states .running button", "running");
    click("#tasks .actions button", "Cancel");
    await("#said", "slow is called off.");
    await("#states .cancelled strong", "1");
    await("#none", "No tasks here."); // the list is that of running ones
    click("#clear", "Show all states");
    await("#tasks .state", "cancelled");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private void get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
            BodyHandlers.discarding());
  }

  /** Waits until an element of this kind has this text in it. */
  private WebElement await(String selector, String text) {
    return new WebDriverWait(browser, Duration.ofSeconds(30))
        .withMessage(() -> selector + " with \"" + text + "\" in " + browser.getPageSource())
        .ignoring(StaleElementReferenceException.class)
        .until(
            driver -> {
              List<WebElement> found = driver.findElements(By.cssSelector(selector));
              return found.stream()
                  .filter(each -> each.isDisplayed() && each.getText().contains(text))
                  .findFirst()
                  .orElse(null);
            });
  }

  /** Clicks it, and again if the page has just been drawn anew. */
  private void click(String selector, String text) {
    new WebDriverWait(browser, Duration.ofSeconds(30))
        .ignoring(StaleElementReferenceException.class)
        .until(
            driver -> {
              await(selector, text).click();
              return true;
            });
  }
}
