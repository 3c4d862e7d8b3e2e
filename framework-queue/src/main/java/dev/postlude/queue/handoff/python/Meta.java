package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.ForeignStatus;
import java.util.List;
import java.util.Map;

/**
 * What a worker's function tells of its progress: {@code done} or {@code current} of {@code total},
 * and {@code message}, {@code status} or {@code text}, as users of Celery and RQ are used to write.
 */
final class Meta {
  private static final int MAX_MESSAGE = 500; // characters

  private Meta() {}

  static ForeignStatus progress(Map<?, ?> meta) {
    return ForeignStatus.pending(
        number(meta, List.of("done", "current")),
        number(meta, List.of("total")),
        text(meta, List.of("message", "status", "text")));
  }

  private static long number(Map<?, ?> meta, List<String> names) {
    for (String name : names) {
      if (meta.get(name) instanceof Number number) {
        return Math.max(0, number.longValue());
      }
    }
    return 0;
  }

  private static String text(Map<?, ?> meta, List<String> names) {
    for (String name : names) {
      if (meta.get(name) instanceof String text) {
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) : text;
      }
    }
    return "";
  }
}
