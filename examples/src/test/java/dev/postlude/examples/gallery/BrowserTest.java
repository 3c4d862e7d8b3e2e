package dev.postlude.examples.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.rig.Chromium;
import dev.postlude.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** The gallery in a real browser. */
class BrowserTest {
  private static Server server;
  private static Chromium browser;

  @BeforeAll
  static void open() {
    browser = Chromium.start();
    App app = Gallery.app();
    server = app.with(app.server().port(0).host("127.0.0.1").stopOnSignal(false)).start();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void visit() {
    browser.screen(1280, 900, "light");
    browser.driver().get("http://127.0.0.1:" + server.port() + "/");
    browser.await("#state.live");
  }

  /** What the browser complains of: scripts that fail, and what the policy forbids. */
  @AfterEach
  void hasNothingToComplainOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aButtonSendsTheRequestAndTheTimeLineShowsWhatFollows() {
    browser.click("#signup button.send");

    browser.await("#signup .result", "201 Created");
    browser.await("#signup .output pre", "ada@example.org");
    browser.await(".entry .rows", "tell-sales\nfinished after");
    assertThat(browser.text(".entry .what"))
        .contains("POST")
        .contains("/signup/signup")
        .contains("201");
    List<String> facts =
        browser.driver().findElements(By.cssSelector(".entry:first-child .fact")).stream()
            .map(WebElement::getText)
            .toList();
    assertThat(facts.get(0)).startsWith("answered after ");
    assertThat(facts.get(1)).startsWith("attempt 2, finished after ");
    assertThat(millis(facts.get(0))).isLessThan(millis(facts.get(1)));
    assertThat(browser.text("#spoken")).startsWith("tell-sales finished after");
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

    browser.await(".entry .what", "/write-log/log");
    browser.await(".entry .fact", "answered after");
  }

  @Test
  void anAcceptedJobIsFollowedToItsEnd() {
    browser.click("#long-job button.send");

    browser.await("#long-job .result", "202 Accepted");
    browser.await("#long-job pre", "\"status\": \"succeeded\"");
    assertThat(browser.driver().findElements(By.cssSelector(".entry")))
        .hasSize(2); // the job, and who asks
  }

  @Test
  void aPictureIsUploaded() {
    browser.click("#resize-image button.send");

    browser.await("#resize-image .result", "202 Accepted");
    browser.await(".entry .rows", "thumbnail\nfinished after");
  }

  @Test
  void theSourceOfAnExampleUnfolds() {
    browser.click("#counter summary");

    browser.await("#counter details pre", "public final class Counter");
  }

  @Test
  void aVisitorWithTwoPagesTalksToThemselves() {
    String room = "http://127.0.0.1:" + server.port() + "/examples/chat/";
    browser.driver().get(room);
    browser.await("#said", "we are 1 now");
    String first = browser.driver().getWindowHandle();
    browser.driver().switchTo().newWindow(WindowType.TAB).get(room);
    browser.await("#said", "we are 2 now");
    browser.driver().findElement(By.id("text")).sendKeys("hello there" + Keys.ENTER);
    browser.await("#said", "hello there");
    browser.driver().close();
    browser.driver().switchTo().window(first);
    browser.await("#said", "hello there");
    browser.await("#said", "Somebody left.");
  }

  @Test
  void theKeyboardReachesEverything() {
    browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.driver().switchTo().activeElement().getText())
        .isEqualTo("Skip to the examples");
    browser.driver().findElement(By.cssSelector("#counter button.send")).sendKeys(Keys.ENTER);
    browser.await("#counter .result", "200");

    assertThat(
            browser.number(
                "return [...document.querySelectorAll('button, a')]"
                    + ".filter(each => !each.innerText.trim() || each.tabIndex < 0).length"))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"1280, 900, light", "1280, 900, dark", "360, 740, light", "360, 740, dark"})
  void isReadableOnEveryScreen(int width, int height, String scheme) throws IOException {
    browser.screen(width, height, scheme);
    browser.click("#signup button.send");
    browser.await(".entry .rows", "tell-sales\nfinished after");
    Path picture = Path.of("target", "gallery-" + width + "-" + scheme + ".png");
    Files.write(picture, browser.driver().getScreenshotAs(OutputType.BYTES));

    assertThat(browser.number("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
    assertThat(browser.number("return document.querySelector('#signup .send').offsetHeight"))
        .isGreaterThanOrEqualTo(40);
    assertThat(
            browser.number(
                "return getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
        .isBetween(scheme.equals("dark") ? 0L : 200L, scheme.equals("dark") ? 60L : 255L);
    assertThat(browser.faintTexts()).isEmpty();
  }
}
