package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.ForeignStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Dramatiq stores when an actor has ended: its value, or its exception. */
final class DramatiqResult {
  private DramatiqResult() {}

  /** Reads the document; null stands for one that is not there. */
  static ForeignStatus read(@Nullable String document) {
    if (document == null) {
      return ForeignStatus.pending();
    }
    Object value;
    try {
      value = JsonText.read(document);
    } catch (IllegalArgumentException e) {
      return ForeignStatus.failed("Dramatiq stored something that is not JSON");
    }
    if (value instanceof Map<?, ?> fields
        && "dramatiq.results.Result".equals(fields.get("__t"))
        && fields.get("exn") instanceof Map<?, ?> exception) {
      return ForeignStatus.failed(exception.get("type") + ": " + exception.get("msg"));
    }
    return ForeignStatus.succeeded(value == null ? null : Json.text(value));
  }
}
