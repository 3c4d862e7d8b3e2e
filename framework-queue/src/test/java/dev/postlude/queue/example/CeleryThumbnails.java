package dev.postlude.queue.example;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.python.Celery;
import java.nio.file.Path;

/** Thumbnails that are made by a worker of Celery, which has the function {@code thumbnail}. */
public final class CeleryThumbnails {
  private CeleryThumbnails() {}

  record Picture(String url, int width) {}

  public static void main(String... arguments) throws Exception {
    Celery celery = Celery.at("amqp://localhost").results("redis://localhost/0");
    app(TaskQueue.sqlite(Path.of("tasks.db")), celery, "celery").start(8080);
  }

  static App app(TaskQueue queue, Celery celery, String workers) {
    TaskType<Picture> thumbnail =
        queue.define("thumbnail", Picture.class, celery.task("images.thumbnail").queue(workers));
    return App.of(
            routes -> {
              routes.post(
                  "/thumbnails",
                  request -> Response.accepted(thumbnail.with(request.json(Picture.class))));
              routes.taskStatus("/tasks", queue);
            })
        .with(queue);
  }
}
