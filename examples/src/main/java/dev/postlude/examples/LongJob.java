package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskContext;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.time.Duration;

/** 202 with a {@code Location}, where a client asks how far the job is until it is done. */
public final class LongJob {
  private static final int PAGES = 20;

  private LongJob() {}

  public static App app() {
    return App.of(LongJob::routes);
  }

  public static void routes(Routes routes) {
    routes.taskStatus("/tasks");
    routes.post(
        "/reports", request -> Response.accepted(BackgroundTask.of("report", LongJob::print)));
  }

  private static void print(TaskContext task) throws InterruptedException {
    for (int page = 1; page <= PAGES; page++) {
      Pretend.work(Duration.ofMillis(500));
      task.progress(page, PAGES, "page " + page);
    }
  }
}
