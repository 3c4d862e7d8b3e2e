package dev.postlude.queue;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.postlude.App;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.server.Server;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A real app in a JVM of its own, to be killed.
 *
 * <p>{@code POST /tasks/{n}} is answered 202 with the task's id; each run of a task adds a line
 * {@code n id} to a file, which the kernel keeps when the process is killed. {@code POST /poison}
 * is a task that kills the process. {@code POST /fill} fills the disk beside the database, and
 * {@code POST /free} makes room again. Told on its output is the port.
 */
final class CrashApp {
  private CrashApp() {}

  /**
   * Arguments: the database (a file or a JDBC address), the file of runs, the node's name, and
   * perhaps {@code --worker}, and RabbitMQ's address and a prefix.
   */
  public static void main(String[] arguments) throws Exception {
    TaskQueue queue =
        open(List.of(arguments))
            .with(
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
            TaskPolicy.defaults().maxCrashes(1_000).retry(Retry.times(3)),
            (n, run) -> {
              LockSupport.parkNanos(2_000_000);
              runs.write((n + " " + run.id() + "\n").getBytes(StandardCharsets.UTF_8));
            });
    TaskType<String> poison =
        queue.define(
            "poison",
            String.class,
            (payload, run) -> {
              Runtime.getRuntime().halt(1);
            });
    queue.defineWithResult(
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
    Path filler = Path.of(arguments[0]).resolveSibling("filler");
    App app =
        App.of(
                routes -> {
                  routes.post(
                      "/tasks/{n:int}",
                      request ->
                          Response.accepted(count.with(Integer.valueOf(request.param("n")))));
                  routes.post("/poison", request -> Response.accepted(poison.with("x")));
                  routes.post("/fill", request -> filled(filler));
                  routes.post(
                      "/free",
                      request -> {
                        Files.delete(filler);
                        return Response.noContent();
                      });
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

  private static TaskQueue open(List<String> arguments) {
    String database = arguments.get(0);
    int broker = arguments.indexOf("--rabbitmq") + 1;
    RabbitMq server =
        broker == 0 ? null : RabbitMq.at(arguments.get(broker)).prefix(arguments.get(broker + 1));
    if (database.startsWith("jdbc:")) {
      DataSource pool = PostgresServer.at(database);
      return server == null ? TaskQueue.postgres(pool) : TaskQueue.rabbitmq(server, pool);
    }
    Path file = Path.of(database);
    return server == null ? TaskQueue.sqlite(file) : TaskQueue.rabbitmq(server, file);
  }

  /** Writes until the disk takes no more. */
  private static Response filled(Path filler) throws IOException {
    for (int size = 1 << 16; size > 0; size >>= 1) {
      try (OutputStream out = Files.newOutputStream(filler, CREATE, APPEND)) {
        byte[] bytes = new byte[size];
        while (true) {
          out.write(bytes);
        }
      } catch (IOException e) {
        // As much as that does not fit any more.
      }
    }
    return Response.noContent();
  }
}
