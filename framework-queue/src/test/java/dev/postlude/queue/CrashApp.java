package dev.postlude.queue;

import dev.postlude.App;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.server.Server;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A real app in a JVM of its own, to be killed.
 *
 * <p>{@code POST /tasks/{n}} is answered 202 with the task's id; each run of a task adds a line
 * {@code n id} to a file, which the kernel keeps when the process is killed. {@code POST /poison}
 * is a task that kills the process. Told on its output is the port.
 */
final class CrashApp {
  private CrashApp() {}

  /**
   * Arguments: the database (a file or a JDBC address), the file of runs, the node's name, and
   * perhaps {@code --worker}.
   */
  public static void main(String[] arguments) throws Exception {
    TaskQueue open =
        arguments[0].startsWith("jdbc:")
            ? TaskQueue.postgres(PostgresServer.at(arguments[0]))
            : TaskQueue.sqlite(Path.of(arguments[0]));
    TaskQueue queue =
        open.with(
            QueueOptions.defaults()
                .threads(8)
                .hold(Duration.ofSeconds(1))
                .pollEvery(Duration.ofMillis(100))
                .heartbeat(Duration.ofMillis(500))
                .node(arguments[2]));
    FileOutputStream runs = new FileOutputStream(arguments[1], true);
    TaskType<Integer> count =
        queue.define(
            "count",
            Integer.class,
            (n, run) -> {
              LockSupport.parkNanos(2_000_000);
              runs.write((n + " " + run.id() + "\n").getBytes(StandardCharsets.UTF_8));
              return null;
            },
            TaskPolicy.defaults().maxCrashes(1_000).retry(Retry.times(3)));
    TaskType<String> poison =
        queue.define(
            "poison",
            String.class,
            (payload, run) -> {
              Runtime.getRuntime().halt(1);
              return null;
            });
    queue.define(
        "slow",
        Integer.class,
        (millis, run) -> {
          run.progress(1, 2, "begun");
          Thread.sleep(millis);
          return "slept";
        });
    if (List.of(arguments).contains("--worker")) {
      System.out.println("port 0");
      System.out.flush();
      queue.work();
      return;
    }
    App app =
        App.of(
                routes -> {
                  routes.post(
                      "/tasks/{n:int}",
                      request ->
                          Response.accepted(count.with(Integer.valueOf(request.param("n")))));
                  routes.post("/poison", request -> Response.accepted(poison.with("x")));
                  routes.taskStatus("/tasks", queue);
                })
            .with(queue);
    Server server = app.start(0);
    System.out.println("port " + server.port());
    System.out.flush();
    // The parent's end is ours: nothing outlives a test that was itself killed.
    while (System.in.read() >= 0) {
      LockSupport.parkNanos(1);
    }
    Runtime.getRuntime().halt(0);
  }
}
