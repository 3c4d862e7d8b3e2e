package dev.postlude.examples;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * First the audit, which blocks, then the e-mail, which does not: the order is guaranteed. It is a
 * chain, so that no mail goes out for what was not audited.
 */
public final class CreateTask {
  private final List<String> done = new CopyOnWriteArrayList<>();

  private CreateTask() {}

  record Task(String title) {}

  public static App app() {
    return App.of(CreateTask::routes);
  }

  public static void routes(Routes routes) {
    CreateTask example = new CreateTask();
    routes.post("/tasks", example::create);
    routes.get("/done", request -> Response.json(example.done));
  }

  private Response create(Request request) {
    Task task = request.json(Task.class);
    BackgroundTask audit = BackgroundTask.of("audit", () -> audit(task));
    BackgroundTask email = BackgroundTask.async("e-mail", context -> email(task));
    return Response.json(201, task).background(audit.then(email));
  }

  private void audit(Task task) throws InterruptedException {
    Pretend.work(Duration.ofSeconds(1));
    report("audited: " + task.title());
  }

  private CompletionStage<?> email(Task task) {
    long wait = Pretend.paced(Duration.ofSeconds(2)).toMillis();
    return CompletableFuture.runAsync(
        () -> report("mailed: " + task.title()), delayedExecutor(wait, MILLISECONDS));
  }

  private void report(String what) {
    done.add(what);
    Timeline.say(what);
  }
}
