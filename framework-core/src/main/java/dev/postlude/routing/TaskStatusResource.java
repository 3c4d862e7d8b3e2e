package dev.postlude.routing;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.TaskDirectory;
import dev.postlude.background.TaskLog;
import dev.postlude.background.TaskStatus;
import dev.postlude.background.Tasks;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.MediaType;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The resource that tells how far accepted work is, and the {@code Location} that leads to it. */
final class TaskStatusResource {
  private final String path;
  private final TaskDirectory directory;

  private TaskStatusResource(String path, TaskDirectory directory) {
    this.path = path;
    this.directory = directory;
  }

  /**
   * The resource at a path.
   *
   * @throws IllegalArgumentException when the path has parameters or ends with a slash
   */
  static TaskStatusResource at(String path, TaskDirectory directory) {
    Objects.requireNonNull(directory, "directory");
    if (path.contains("{") || path.endsWith("/")) {
      throw new IllegalArgumentException(
          "the status of tasks has a fixed path, without parameters and without a slash at its end: '"
              + path
              + "'");
    }
    return new TaskStatusResource(path, directory);
  }

  /** The directory, if it wants to be told of the app's background tasks. */
  Optional<BackgroundListener> listener() {
    return directory instanceof BackgroundListener listener
        ? Optional.of(listener)
        : Optional.empty();
  }

  /** Tells how far it is; of what has a result, where that is. */
  Response status(Request request) throws Exception {
    TaskStatus status = find(request);
    if (status.result() != null) {
      return Response.redirect(303, path + "/" + status.id() + "/result")
          .header("Cache-Control", "no-store");
    }
    Response response = Response.json(document(status)).header("Cache-Control", "no-store");
    return status.status().isFinal() ? response : response.header("Retry-After", "1");
  }

  /** Hands out the result. */
  Response result(Request request) throws Exception {
    String result = find(request).result();
    if (result == null) {
      throw new HttpException(404, "this task has no result, or not yet");
    }
    return Response.bytes(200, MediaType.JSON, result.getBytes(StandardCharsets.UTF_8))
        .header("Cache-Control", "no-store");
  }

  private TaskStatus find(Request request) throws Exception {
    return directory
        .find(request.param("id"))
        .orElseThrow(() -> new HttpException(404, "no such task is known here, or not any more"));
  }

  private static Map<String, Object> document(TaskStatus status) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", status.id());
    members.put("status", word(status.status()));
    members.put("tasks", status.tasks().stream().map(TaskStatusResource::step).toList());
    return members;
  }

  private static Map<String, Object> step(TaskStatus.Step step) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", step.name());
    members.put("status", word(step.status()));
    members.put("attempts", step.attempts());
    members.put("queuedAt", step.queuedAt());
    if (step.startedAt() != null) {
      members.put("startedAt", step.startedAt());
    }
    if (step.finishedAt() != null) {
      members.put("finishedAt", step.finishedAt());
    }
    if (step.total() > 0 || step.done() > 0) {
      members.put("progress", Map.of("done", step.done(), "total", step.total()));
    }
    if (!step.message().isEmpty()) {
      members.put("message", step.message());
    }
    return members;
  }

  private static String word(TaskStatus.Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  /** The handler whose accepted work is told where to be found, if that is here. */
  Handler locating(Handler handler) {
    return request -> {
      Response response = handler.handle(request);
      return response == null ? response : response.map(this::located);
    };
  }

  private Response located(Response response) {
    Tasks tasks = response.tasks();
    String id = tasks.trackingId();
    return id == null || !knows(tasks) || response.headers().contains("Location")
        ? response
        : response.header("Location", path + "/" + id);
  }

  private boolean knows(Tasks tasks) {
    TaskDirectory told = tasks.directory();
    return told == null ? directory instanceof TaskLog : told == directory;
  }
}
