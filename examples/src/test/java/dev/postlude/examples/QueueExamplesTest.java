package dev.postlude.examples;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.examples.gallery.Main;
import dev.postlude.http.Method;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.rig.Child;
import dev.postlude.rig.Chromium;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.JavaProgram;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import dev.postlude.test.TestClient;
import dev.postlude.test.TestPart;
import dev.postlude.test.TestResponse;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/** The examples whose tasks outlive a process, with real processes and real servers. */
class QueueExamplesTest {
  private static final Map<String, String> WORKER =
      Map.of(
          "PICTURES",
          System.getProperty("java.io.tmpdir"),
          "JAVA_TOOL_OPTIONS",
          "-Dexamples.pace=0.01");

  /** Of this class's tests, and of a former run. */
  @BeforeAll
  @AfterAll
  static void forgetPictures() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "image-pipeline");
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void aDurableMailOutlivesTheProcessThatTookIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mails.db");
    BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    String location;
    TaskQueue takes = TaskQueue.sqlite(file).with(QueueOptions.defaults().threads(0));
    try (var client = TestClient.of(DurableMail.app(takes, mail -> {}))) {
      location = location(client.post("/mails", Map.of("to", "ada@x", "subject", "Hello")));
    }

    App sends = DurableMail.app(TaskQueue.sqlite(file), mail -> sent.add(mail.to()));
    try (var client = TestClient.of(sends)) {
      assertThat(client.get(location).text()).contains("send-mail"); // the first call starts it
      assertThat(sent.poll(30, SECONDS)).isEqualTo("ada@x");
    }
  }

  @Test
  void aPictureIsMadeSmallByAnotherProcess() throws Exception {
    try (var client = TestClient.of(ImagePipeline.app())) {
      TestPart picture = TestPart.file("picture", "a.png", "image/png", png(1600, 1200));
      TestResponse accepted = client.request(Method.POST, "/pictures").multipart(picture).send();
      assertThat(client.get(location(accepted)).text()).contains("\"pending\"");

      try (Child worker = JavaProgram.start(ImagePipeline.class, WORKER, "--worker")) {
        assertThat(worker.isAlive()).isTrue();
        List<?> made = result(client, accepted).json(List.class);
        assertThat(made).hasSize(3);
        byte[] small = client.get(String.valueOf(made.get(2))).bytes();
        assertThat(ImageIO.read(new ByteArrayInputStream(small)).getWidth()).isEqualTo(200);
      }
    }
  }

  @Test
  void aWorkerGetsPicturesOverRabbitMq(@TempDir Path folder) throws Exception {
    Map<String, String> environment = new HashMap<>(WORKER);
    environment.put("AMQP_URL", RabbitServer.shared().uri());
    environment.put("PICTURES", folder.toString());
    try (Child web = JavaProgram.start(Main.class, environment, "image-pipeline", "--port", "0");
        Child worker = JavaProgram.start(Main.class, environment, "image-pipeline", "--worker")) {
      String said = Eventually.get(web::log, log -> log.contains("Try it"));
      Matcher address = Pattern.compile("http://127.0.0.1:\\d+").matcher(said);
      assertThat(address.find()).as(said).isTrue();
      RequestSpecification pipeline = RestAssured.given().baseUri(address.group());
      String location =
          RestAssured.given(pipeline)
              .multiPart("picture", "a.png", png(1600, 1200))
              .post("/pictures")
              .header("Location");

      String made =
          Eventually.get(
              () -> RestAssured.given(pipeline).get(location).asString(),
              answer -> answer.startsWith("["));
      assertThat(made).as(worker.log()).contains("-800.png", "-400.png", "-200.png");
      String handed = RestAssured.given(pipeline).get("/ops/tasks" + location).asString();
      assertThat(handed).contains("\"handedTo\":\"rabbitmq\"");
    }
  }

  @Test
  void whatIsNoPictureIsDeadAtOnce() throws Exception {
    try (var client = TestClient.of(ImagePipeline.app());
        Child worker = JavaProgram.start(ImagePipeline.class, WORKER, "--worker")) {
      TestPart text = TestPart.file("picture", "a.png", "image/png", new byte[] {1, 2, 3});
      String location = location(client.request(Method.POST, "/pictures").multipart(text).send());

      assertThat(Eventually.get(() -> client.get(location).text(), it -> it.contains("failed")))
          .contains("failed after 1 attempt");
      assertThat(client.get("/ops/tasks" + location).text()).contains("this is no picture");
      assertThat(worker.isAlive()).isTrue();
    }
  }

  @Test
  void thePipelinesPageShowsHowFarItIs(@TempDir Path folder) throws Exception {
    Path picture = Files.write(folder.resolve("holiday.png"), png(1600, 1200));
    try (Chromium browser = Chromium.start();
        var client = TestClient.of(ImagePipeline.app())) {
      browser.screen(390, 800, "light");
      browser.driver().get("http://127.0.0.1:" + client.port() + "/");
      browser.click("#sample");
      browser.await("li p", "waits for a worker");
      browser.driver().findElement(By.id("files")).sendKeys(picture.toString());
      browser.await("li strong", "holiday.png");
      assertReadable(browser, "phone");

      try (Child worker = JavaProgram.start(ImagePipeline.class, WORKER, "--worker")) {
        browser.await("li:first-child img");
        browser.await("li:last-child img");
        assertThat(worker.isAlive()).isTrue();
      }
      assertThat(browser.text("li:first-child p")).contains("800 px").contains("200 px");
      browser.screen(1280, 800, "dark");
      assertReadable(browser, "dark");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void assertReadable(Chromium browser, String screen) throws IOException {
    Path file = Path.of("target", "image-pipeline-" + screen + ".png");
    Files.write(file, browser.driver().getScreenshotAs(OutputType.BYTES));
    assertThat(browser.number("return document.documentElement.scrollWidth - innerWidth"))
        .isLessThanOrEqualTo(0);
    assertThat(browser.faintTexts()).isEmpty();
  }

  @Test
  void aForecastIsMadeByCelery(@TempDir Path folder) throws Exception {
    String redis = RedisServer.shared().uri(6);
    TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));
    try (var client = TestClient.of(CeleryForecast.app(queue, Celery.at(redis).results(redis)))) {
      Map<String, Object> sales = Map.of("sales", List.of(10, 12, 14), "weeks", 2);
      TestResponse accepted = client.post("/forecasts", sales);

      try (Child worker =
          PythonWorker.celery("/celery-forecast/tasks.py", Map.of("REDIS_URL", redis), "celery")) {
        assertThat(worker.isAlive()).isTrue();
        assertThat(result(client, accepted).text()).isEqualTo("{\"forecast\":[16.0,18.0]}");
      }
      assertThat(client.get("/tasks.py").text()).contains("sales.forecast");
    }
  }

  private static String location(TestResponse response) {
    assertThat(response.status()).isEqualTo(202);
    return response.header("Location").orElseThrow();
  }

  /** Waits for the result of what another process does. */
  private static TestResponse result(TestClient client, TestResponse accepted) {
    return client.waitAtMost(Duration.ofMinutes(1)).awaitAccepted(accepted);
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", png);
    return png.toByteArray();
  }
}
