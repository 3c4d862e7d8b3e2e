package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.files.StaticFiles;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.python.Celery;
import dev.postlude.queue.page.TaskPage;
import java.nio.file.Path;
import java.util.List;

/**
 * Work that is done in Python: stored here, handed to a task of Celery, and its result read back.
 * While Redis or the worker is missing, what was accepted waits on disk.
 */
public final class CeleryForecast {
  private CeleryForecast() {}

  record Sales(List<Double> sales, int weeks) {}

  public static void main(String... arguments) {
    app().start(8080);
  }

  public static App app() {
    String redis = System.getenv().getOrDefault("REDIS_URL", "redis://localhost/0");
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "postlude-celery-forecast.db");
    return app(TaskQueue.sqlite(file), Celery.at(redis).results(redis));
  }

  static App app(TaskQueue queue, Celery celery) {
    TaskType<Sales> forecast =
        queue.define("forecast", Sales.class, celery.task("sales.forecast").queue("celery"));
    return App.of(
            routes -> {
              routes.post(
                  "/forecasts",
                  request -> Response.accepted(forecast.with(request.json(Sales.class))));
              routes.taskStatus("/tasks", queue);
              routes.group("/ops/tasks", TaskPage.of(queue)::routes); // elsewhere: behind a filter
              routes.get("/{path...}", StaticFiles.classPath("/celery-forecast")); // tasks.py
            })
        .with(queue);
  }
}
