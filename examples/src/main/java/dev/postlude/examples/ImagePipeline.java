package dev.postlude.examples;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DSYNC;

import dev.postlude.App;
import dev.postlude.files.StaticFiles;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.page.TaskPage;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskRun;
import dev.postlude.routing.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Pictures that one process takes and others make small: the same program with {@code --worker}, as
 * often as there is work. Until there is a worker they wait, on disk.
 */
public final class ImagePipeline {
  private static final List<Integer> SIDES = List.of(800, 400, 200); // pixels

  private final Path pictures; // a folder that all processes share
  private final TaskQueue queue;
  private final TaskType<String> shrinking;

  private ImagePipeline(int threads) throws IOException {
    String place = System.getenv().getOrDefault("PICTURES", System.getProperty("java.io.tmpdir"));
    pictures = Files.createDirectories(Path.of(place, "image-pipeline", "pictures"));
    Path file = pictures.resolveSibling("tasks.db");
    String rabbitMq = System.getenv("AMQP_URL"); // or by the file alone
    queue =
        rabbitMq == null
            ? TaskQueue.sqlite(file).with(QueueOptions.defaults().threads(threads))
            : TaskQueue.rabbitmq(rabbitMq, file);
    shrinking = queue.defineWithResult("shrink", String.class, this::shrink);
  }

  public static void main(String... arguments) throws Exception {
    if (List.of(arguments).contains("--worker")) {
      new ImagePipeline(2).queue.work(); // no port; until SIGTERM
    } else {
      app().start(8080);
    }
  }

  public static App app() throws IOException {
    ImagePipeline takes = new ImagePipeline(0);
    return App.of(takes::routes).with(takes.queue);
  }

  private void routes(Routes routes) {
    routes.post("/pictures", this::upload).streaming().maxBody(20_000_000);
    routes.taskStatus("/tasks", queue);
    routes.get("/made/{path...}", StaticFiles.directory(pictures));
    routes.group("/ops/tasks", TaskPage.of(queue)::routes); // elsewhere: behind a filter
    routes.get("/{path...}", StaticFiles.classPath("/image-pipeline"));
  }

  private Response upload(Request request) throws IOException {
    String name = UUID.randomUUID().toString();
    byte[] picture = request.multipart().get("picture").bytes();
    Files.write(pictures.resolve(name), picture, CREATE_NEW, DSYNC); // before the 202
    return Response.accepted(shrinking.with(name));
  }

  /** Runs at least once, and so writes the same files each time. */
  private List<String> shrink(String name, TaskRun run) throws Exception {
    byte[] picture = Files.readAllBytes(pictures.resolve(name));
    for (int side : SIDES) {
      run.progress(SIDES.indexOf(side), SIDES.size(), side + " pixels");
      Timeline.say(run.id() + ": " + side + " pixels");
      Pretend.work(Duration.ofSeconds(1));
      Files.write(pictures.resolve(name + "-" + side + ".png"), Miniature.png(picture, side));
    }
    return SIDES.stream().map(side -> "/made/" + name + "-" + side + ".png").toList();
  }
}
