package dev.postlude.queue.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.JavaProgram;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import dev.postlude.server.Server;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documents, over HTTP. */
class ExamplesLiveTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  @TempDir Path folder;

  @Test
  void thumbnailsAreMadeInAnotherProcess() throws Exception {
    Path picture = folder.resolve("large.png");
    Path thumbnail = folder.resolve("small.png");
    ImageIO.write(new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    String uri = RabbitServer.shared().uri();
    TaskQueue queue = TaskQueue.rabbitmq(uri, folder.resolve("tasks.db"));

    assertEnds(
        Thumbnails.app(queue),
        JavaProgram.start(Thumbnails.class, Map.of("AMQP_URL", uri), "--worker"),
        "{\"from\":\"%s\",\"to\":\"%s\",\"width\":100}".formatted(picture, thumbnail),
        "{\"width\":100,\"height\":75}");
    assertThat(ImageIO.read(thumbnail.toFile()).getWidth()).isEqualTo(100);
  }

  @Test
  void thumbnailsAreMadeByCelery() throws Exception {
    String broker = RabbitServer.shared().uri();
    String results = RedisServer.shared().uri(6);
    Celery celery = Celery.at(broker).results(results);
    TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));

    assertEnds(
        CeleryThumbnails.app(queue, celery, "example"),
        PythonWorker.celery(broker, results, "example"),
        "{\"url\":\"http://example.org/1.png\",\"width\":100}",
        "{\"url\":\"http://example.org/1.png\",\"width\":100,\"twice\":200}");
  }

  private static void assertEnds(App app, Child worker, String body, String result)
      throws Exception {
    try (worker;
        Server server = app.start(0)) {
      URI base = URI.create("http://127.0.0.1:" + server.port());
      HttpResponse<String> accepted =
          CLIENT.send(
              HttpRequest.newBuilder(base.resolve("/thumbnails"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      assertThat(accepted.statusCode()).isEqualTo(202);
      URI status = base.resolve(accepted.headers().firstValue("Location").orElseThrow());
      assertThat(
              Eventually.get(
                  () ->
                      CLIENT
                          .send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString())
                          .body(),
                  answer -> answer.contains(result)))
          .contains(result);
    }
  }
}
