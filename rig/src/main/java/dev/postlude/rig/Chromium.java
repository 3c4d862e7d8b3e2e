package dev.postlude.rig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A browser without a window, with an empty profile. It needs Debian's {@code chromium} and {@code
 * chromium-driver}, or another Chromium that {@code -Dchromium=...} and {@code -Dchromedriver=...}
 * name.
 */
public final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

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

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one; skips the test where there is none. */
  public static Chromium start() {
    String packages = "chromium chromium-driver";
    String browser = Programs.need(packages, System.getProperty("chromium", "/usr/bin/chromium"));
    String helper =
        Programs.need(packages, System.getProperty("chromedriver", "/usr/bin/chromedriver"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(helper).toFile())
            .usingAnyFreePort()
            .build();
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser);
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox", // does without the kernel's user namespaces, which containers forbid
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + Programs.folder("chromium"));
    return new Chromium(new ChromeDriver(service, options));
  }

  /** What has no name here. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Takes a screen of this size and colour scheme, {@code light} or {@code dark}. */
  public void screen(int width, int height, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** The texts that are hard to read on their ground, as HTML. */
  public List<String> faintTexts() {
    return ((List<?>) driver.executeScript(FAINT_TEXTS)).stream().map(String::valueOf).toList();
  }

  /** What the browser has complained of: scripts that fail, and what the policy forbids. */
  public List<LogEntry> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  /** Waits until there is such an element. */
  public void await(String selector) {
    waiting().until(any -> !driver.findElements(By.cssSelector(selector)).isEmpty());
  }

  /** Waits until such an element is seen with this text in it. */
  public WebElement await(String selector, String text) {
    return waiting()
        .withMessage(() -> selector + " with \"" + text + "\" in " + driver.getPageSource())
        .until(
            any ->
                driver.findElements(By.cssSelector(selector)).stream()
                    .filter(each -> each.isDisplayed() && each.getText().contains(text))
                    .findFirst()
                    .orElse(null));
  }

  /** Clicks at the first such element. */
  public void click(String selector) {
    click(selector, "");
  }

  /** Clicks at such an element with this text; at the next one if the page is just drawn anew. */
  public void click(String selector, String text) {
    waiting()
        .until(
            any -> {
              WebElement element = await(selector, text);
              driver.executeScript(
                  "arguments[0].scrollIntoView({block: 'start', behavior: 'instant'})", element);
              element.click();
              return true;
            });
  }

  public String text(String selector) {
    return driver.findElement(By.cssSelector(selector)).getText();
  }

  /** The number that a script returns. */
  public long number(String script) {
    return Long.parseLong(String.valueOf(driver.executeScript(script)));
  }

  private WebDriverWait waiting() {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE, Duration.ofMillis(20));
    wait.ignoring(StaleElementReferenceException.class);
    return wait;
  }

  /** Ends it. */
  @Override
  public void close() {
    driver.quit();
  }
}
