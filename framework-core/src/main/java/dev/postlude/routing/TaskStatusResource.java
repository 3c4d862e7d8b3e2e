package dev.postlude.routing;

import dev.postlude.background.TaskLog;
import dev.postlude.background.TaskStatus;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The resource that tells how far accepted work is, and the {@code Location} that leads to it. */
final class TaskStatusResource implements Handler {
  private final String path;
  private final TaskLog log;

  TaskStatusResource(String path, TaskLog log) {
    this.path = path;
    this.log = log;
  }

  TaskLog log() {
    return log;
  }

  @Override
  public Response handle(Request request) {
    TaskStatus status =
        log.find(request.param("id"))
            .orElseThrow(
                () -> new HttpException(404, "no such task is known here, or not any more"));
    Response response = Response.json(document(status)).header("Cache-Control", "no-store");
    return status.status().isFinal() ? response : response.header("Retry-After", "1");
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

  /** The handler whose accepted work is told where to be found. */
  Handler locating(Handler handler) {
    return request -> {
      Response response = handler.handle(request);
      return response == null ? response : response.map(this::located);
    };
  }

  private Response located(Response response) {
    String id = response.tasks().trackingId();
    return id == null || response.headers().contains("Location")
        ? response
        : response.header("Location", path + "/" + id);
  }
}
