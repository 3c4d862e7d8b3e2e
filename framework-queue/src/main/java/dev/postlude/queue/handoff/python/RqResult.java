package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.ForeignStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What RQ says of a job.
 *
 * @param status {@code queued}, {@code started}, {@code finished}, {@code failed}, {@code stopped},
 *     {@code canceled} and others; null when RQ does not know the job, or has forgotten it
 * @param meta what the function says of its progress, as JSON
 * @param newest the newest entry of the job's results
 */
record RqResult(@Nullable String status, @Nullable String meta, Map<String, String> newest) {
  private static final int MAX_TRACE = 16_000; // bytes

  ForeignStatus toStatus() {
    if (status == null) {
      return ForeignStatus.failed("RQ does not know the job any more");
    }
    return switch (status) {
      case "finished" -> ForeignStatus.succeeded(returned());
      case "failed", "stopped", "canceled" -> ForeignStatus.failed(error());
      default -> Meta.progress(JsonText.readObject(meta));
    };
  }

  /** The result; null when there is none, and when it is not JSON: a pickle is never opened. */
  private @Nullable String returned() {
    String value = newest.get("return_value");
    if (value == null) {
      return null;
    }
    try {
      String json = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
      Object read = JsonText.read(json);
      return read == null ? null : Json.text(read);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private String error() {
    String trace = newest.get("exc_string");
    if (trace == null) {
      return "RQ says: " + status;
    }
    try (InflaterInputStream text =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(trace)))) {
      return new String(text.readNBytes(MAX_TRACE), StandardCharsets.UTF_8).strip();
    } catch (IOException | IllegalArgumentException e) {
      return "RQ says: " + status;
    }
  }
}
