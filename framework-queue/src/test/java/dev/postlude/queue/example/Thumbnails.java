package dev.postlude.queue.example;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Thumbnails that are made in other processes: the same program, started with {@code --worker} as
 * often as there is work for.
 */
public final class Thumbnails {
  private Thumbnails() {}

  record Picture(String from, String to, int width) {}

  record Thumbnail(int width, int height) {}

  public static void main(String... arguments) throws Exception {
    String rabbitMq = System.getenv().getOrDefault("AMQP_URL", "amqp://localhost");
    TaskQueue queue = TaskQueue.rabbitmq(rabbitMq, Path.of("tasks.db"));
    App app = app(queue);
    if (List.of(arguments).contains("--worker")) {
      queue.work(); // no port, no database; until SIGTERM
    } else {
      app.start(8080);
    }
  }

  static App app(TaskQueue queue) {
    TaskType<Picture> thumbnail =
        queue.define("thumbnail", Picture.class, (picture, run) -> shrink(picture));
    return App.of(
            routes -> {
              routes.post(
                  "/thumbnails",
                  request -> Response.accepted(thumbnail.with(request.json(Picture.class))));
              routes.taskStatus("/tasks", queue);
            })
        .with(queue);
  }

  private static Thumbnail shrink(Picture picture) throws IOException {
    BufferedImage large = ImageIO.read(new File(picture.from()));
    int height = Math.max(1, large.getHeight() * picture.width() / large.getWidth());
    BufferedImage small = new BufferedImage(picture.width(), height, BufferedImage.TYPE_INT_RGB);
    Image scaled = large.getScaledInstance(picture.width(), height, Image.SCALE_AREA_AVERAGING);
    small.getGraphics().drawImage(scaled, 0, 0, null);
    ImageIO.write(small, "png", new File(picture.to()));
    return new Thumbnail(picture.width(), height);
  }
}
