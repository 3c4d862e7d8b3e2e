package dev.postlude.queue.handoff.python;

import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of other systems, read. */
final class JsonText {
  private JsonText() {}

  /**
   * Reads a document of any kind.
   *
   * @throws IllegalArgumentException if it is not JSON
   */
  static @Nullable Object read(String json) {
    try {
      return Json.read(json, Object.class);
    } catch (HttpException e) {
      throw new IllegalArgumentException("this is not JSON: " + e.getMessage(), e);
    }
  }

  /** Reads an object; an empty one where it is something else, or not JSON. */
  static Map<?, ?> readObject(@Nullable String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      return read(json) instanceof Map<?, ?> object ? object : Map.of();
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }
}
