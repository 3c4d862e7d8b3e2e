package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.ForeignStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Celery says of a task: the document in its result store, the same that it sends as a reply.
 *
 * @param status {@code PENDING}, {@code STARTED}, {@code RETRY}, {@code SUCCESS}, {@code FAILURE},
 *     {@code REVOKED}, or whatever the function calls it
 * @param result what it returned, what it says of its progress, or its exception
 */
record CeleryResult(String status, @Nullable Object result, String traceback) {
  private static final String UNREADABLE =
      "Celery stored something that is not JSON. Set result_serializer=\"json\" there.";

  /** Reads the document; null stands for one that is not there. */
  static ForeignStatus read(@Nullable String document) {
    if (document == null) {
      return ForeignStatus.pending();
    }
    Map<?, ?> fields = JsonText.readObject(document);
    if (!(fields.get("status") instanceof String status)) {
      return ForeignStatus.failed(UNREADABLE);
    }
    String traceback = fields.get("traceback") instanceof String text ? text : "";
    return new CeleryResult(status, fields.get("result"), traceback).toStatus();
  }

  ForeignStatus toStatus() {
    return switch (status) {
      case "SUCCESS" -> ForeignStatus.succeeded(result == null ? null : Json.text(result));
      case "FAILURE", "REVOKED" -> ForeignStatus.failed(error());
      case "RETRY" -> ForeignStatus.pending(0, 0, "tried again after " + exception());
      default -> result instanceof Map<?, ?> meta ? Meta.progress(meta) : ForeignStatus.pending();
    };
  }

  private String error() {
    return traceback.isBlank() ? exception() : exception() + "\n" + traceback.strip();
  }

  private String exception() {
    if (!(result instanceof Map<?, ?> fields) || fields.get("exc_type") == null) {
      return status;
    }
    Object said = fields.get("exc_message");
    String message =
        said instanceof List<?> parts
            ? parts.stream().map(String::valueOf).collect(Collectors.joining(", "))
            : String.valueOf(said);
    return fields.get("exc_type") + ": " + message;
  }
}
