package dev.postlude.queue.handoff.rabbit;

import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a worker says of a task, on the wire: a JSON object. */
final class Reply {
  private Reply() {}

  static AmqpMessage to(String queue, String id, int attempt, ForeignStatus said) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("phase", said.phase().name());
    fields.put("result", said.result());
    fields.put("error", said.error());
    fields.put("pause", TimeUnit.MILLISECONDS.convert(said.pause()));
    fields.put("done", said.done());
    fields.put("total", said.total());
    fields.put("message", said.message());
    String body = Json.text(fields);
    return new AmqpMessage(queue, "utf-8", id, null, Map.of(Job.ATTEMPT, attempt), body);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ForeignStatus read(String body) {
    Object read;
    try {
      read = Json.<Object>read(body.getBytes(StandardCharsets.UTF_8), Object.class);
    } catch (HttpException e) {
      throw new IllegalArgumentException("no worker of ours wrote this: " + e.getMessage(), e);
    }
    if (!(read instanceof Map<?, ?> fields) || !(fields.get("phase") instanceof String phase)) {
      throw new IllegalArgumentException("no worker of ours wrote this");
    }
    return new ForeignStatus(
        Phase.valueOf(phase),
        text(fields, "result"),
        text(fields, "error"),
        Duration.ofMillis(number(fields, "pause")),
        number(fields, "done"),
        number(fields, "total"),
        fields.get("message") instanceof String message ? message : "");
  }

  private static @Nullable String text(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  private static long number(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
