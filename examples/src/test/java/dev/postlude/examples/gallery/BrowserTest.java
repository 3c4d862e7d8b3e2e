package dev.postlude.examples.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postlude.App;
import dev.postlude.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The gallery in a real browser. It needs Debian's {@code chromium} and {@code chromium-driver}, or
 * another Chromium that {@code -Dchromium=...} and {@code -Dchromedriver=...} name; without them it
 * is skipped, and {@code .ci/run} calls that a failure.
 */
class BrowserTest {
  private static final Path CHROMIUM = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
  private static final Path DRIVER =
      Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver"));

  /** Finds texts whose contrast is less than WCAG 2.2 asks for (AA, 4.5 to 1). */
  private static final String FAINT_TEXTS =
      """
      const parse = color => color.match(/[\\d.]+/g).map(Number);
      const light = color => {
        const [r, g, b] = parse(color).map(each => each / 255)
            .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = element => {
        const color = getComputedStyle(element).backgroundColor;
        return parse(color)[3] === 0 ? ground(element.parentElement) : color;
      };
      return [...document.querySelectorAll('body *')]
          .filter(each => each.checkVisibility()
              && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
          .filter(each => {
            const lights = [light(getComputedStyle(each).color), light(ground(each))];
            return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05) < 4.5;
          })
          .map(each => each.outerHTML);
      """;

  private static Server server;
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws Exception {
    boolean present = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!present) {
      System.err.println(
          "\n*** THE GALLERY IS NOT TESTED: there is no "
              + CHROMIUM
              + " with "
              + DRIVER
              + ". On Debian: apt-get install chromium chromium-driver\n");
    }
    assumeTrue(present, "no Chromium here: the gallery is not tested");
    App app = Gallery.app();
    server = app.with(app.server().port(0).host("127.0.0.1").stopOnSignal(false)).start();
    ChromeDriverService driver =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    browser = new ChromeDriver(driver, options());
  }

  private static ChromeOptions options() throws Exception {
    Path profile = Files.createTempDirectory("chromium-");
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
        "--user-data-dir=" + profile);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void visit() {
    show(1280, 900, "light");
    browser.get("http://127.0.0.1:" + server.port() + "/");
    await("#state.live");
  }

  /** What the browser complains of: scripts that fail, and what the policy forbids. */
  @AfterEach
  void hasNothingToComplainOf() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  @Test
  void aButtonSendsTheRequestAndTheTimeLineShowsWhatFollows() {
    click("#signup button.send");

    await("#signup .result", "201 Created");
    await("#signup .output pre", "ada@example.org");
    await(".entry .rows", "tell-sales\nfinished after");
    assertThat(text(".entry .what")).contains("POST").contains("/signup/signup").contains("201");
    List<String> facts =
        browser.findElements(By.cssSelector(".entry:first-child .fact")).stream()
            .map(WebElement::getText)
            .toList();
    assertThat(facts.get(0)).startsWith("answered after ");
    assertThat(facts.get(1)).startsWith("attempt 2, finished after ");
    assertThat(millis(facts.get(0))).isLessThan(millis(facts.get(1)));
    assertThat(text("#spoken")).startsWith("tell-sales finished after");
  }

  private static double millis(String fact) {
    String[] words = fact.split(" ", -1);
    double number = Double.parseDouble(words[words.length - 2]);
    return words[words.length - 1].equals("s") ? number * 1000 : number;
  }

  @Test
  void aRequestFromElsewhereIsShownToo() throws Exception {
    URI log = URI.create("http://127.0.0.1:" + server.port() + "/examples/write-log/log");
    HttpClient.newHttpClient().send(HttpRequest.newBuilder(log).build(), BodyHandlers.discarding());

    await(".entry .what", "/write-log/log");
    await(".entry .fact", "answered after");
  }

  @Test
  void anAcceptedJobIsFollowedToItsEnd() {
    click("#long-job button.send");

    await("#long-job .result", "202 Accepted");
    await("#long-job pre", "\"status\": \"succeeded\"");
    assertThat(browser.findElements(By.cssSelector(".entry"))).hasSize(2); // the job, and who asks
  }

  @Test
  void aPictureIsUploaded() {
    click("#resize-image button.send");

    await("#resize-image .result", "202 Accepted");
    await(".entry .rows", "thumbnail\nfinished after");
  }

  @Test
  void theSourceOfAnExampleUnfolds() {
    click("#counter summary");

    await("#counter details pre", "public final class Counter");
  }

  @Test
  void aVisitorWithTwoPagesTalksToThemselves() {
    String room = "http://127.0.0.1:" + server.port() + "/examples/chat/";
    browser.get(room);
    await("#said", "we are 1 now");
    String first = browser.getWindowHandle();
    browser.switchTo().newWindow(WindowType.TAB).get(room);
    await("#said", "we are 2 now");
    browser.findElement(By.id("text")).sendKeys("hello there" + Keys.ENTER);
    await("#said", "hello there");
    browser.close();
    browser.switchTo().window(first);
    await("#said", "hello there");
    await("#said", "Somebody left.");
  }

  @Test
  void theKeyboardReachesEverything() {
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Skip to the examples");
    browser.findElement(By.cssSelector("#counter button.send")).sendKeys(Keys.ENTER);
    await("#counter .result", "200");

    assertThat(
            number(
                "return [...document.querySelectorAll('button, a')]"
                    + ".filter(each => !each.innerText.trim() || each.tabIndex < 0).length"))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"1280, 900, light", "1280, 900, dark", "360, 740, light", "360, 740, dark"})
  void isReadableOnEveryScreen(int width, int height, String scheme) throws IOException {
    show(width, height, scheme);
    click("#signup button.send");
    await(".entry .rows", "tell-sales\nfinished after");
    Path picture = Path.of("target", "gallery-" + width + "-" + scheme + ".png");
    Files.write(picture, browser.getScreenshotAs(OutputType.BYTES));

    assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
    assertThat(number("return document.querySelector('#signup .send').offsetHeight"))
        .isGreaterThanOrEqualTo(40);
    assertThat(number("return getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
        .isBetween(scheme.equals("dark") ? 0L : 200L, scheme.equals("dark") ? 60L : 255L);
    assertThat(browser.executeScript(FAINT_TEXTS)).asInstanceOf(LIST).isEmpty();
  }

  private static void show(int width, int height, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private static void click(String selector) {
    WebElement element = browser.findElement(By.cssSelector(selector));
    browser.executeScript(
        "arguments[0].scrollIntoView({block: 'start', behavior: 'instant'})", element);
    element.click();
  }

  private static String text(String selector) {
    return browser.findElement(By.cssSelector(selector)).getText();
  }

  private static long number(String script) {
    return Long.parseLong(String.valueOf(browser.executeScript(script)));
  }

  private static void await(String selector) {
    new WebDriverWait(browser, Duration.ofSeconds(10), Duration.ofMillis(20))
        .until(any -> !browser.findElements(By.cssSelector(selector)).isEmpty());
  }

  private static void await(String selector, String text) {
    await(selector);
    new WebDriverWait(browser, Duration.ofSeconds(10), Duration.ofMillis(20))
        .withMessage(() -> text + " in " + selector + ", which says: " + text(selector))
        .ignoring(StaleElementReferenceException.class)
        .until(any -> text(selector).contains(text));
  }
}
