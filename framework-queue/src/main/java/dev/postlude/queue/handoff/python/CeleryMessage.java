package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way to Celery, in version 2 of Celery's message protocol. Neither {@code eta} nor
 * {@code expires} is ever used: delays are kept in our own store.
 *
 * @param id identifies the task, on both sides
 * @param task the name that the worker knows the function by
 * @param queue the worker's queue: {@code celery}, unless it was told otherwise
 * @param replyTo the queue for its results; null when they go elsewhere
 */
record CeleryMessage(
    String id, String task, String queue, Arguments arguments, @Nullable String replyTo) {
  private static final int MAX_SHOWN = 200; // characters, for the worker's log
  private static final String NO_FOLLOWERS =
      "{\"callbacks\":null,\"errbacks\":null,\"chain\":null,\"chord\":null}";

  String body() {
    return "[" + arguments.positional() + "," + arguments.named() + "," + NO_FOLLOWERS + "]";
  }

  Map<String, @Nullable Object> headers() {
    Map<String, @Nullable Object> headers = new LinkedHashMap<>();
    headers.put("lang", "java");
    headers.put("task", task);
    headers.put("id", id);
    headers.put("root_id", id);
    headers.put("parent_id", null);
    headers.put("group", null);
    headers.put("retries", 0);
    headers.put("eta", null);
    headers.put("expires", null);
    headers.put("timelimit", Arrays.asList(null, null));
    headers.put("argsrepr", shown(arguments.positional()));
    headers.put("kwargsrepr", shown(arguments.named()));
    headers.put("origin", "postlude");
    headers.put("ignore_result", false);
    return headers;
  }

  AmqpMessage toAmqp() {
    return new AmqpMessage(queue, "utf-8", id, replyTo, headers(), body());
  }

  /**
   * The same for a worker that reads from Redis.
   *
   * @param deliveryTag identifies this attempt to deliver it: another one each time
   */
  List<RedisCommand> toRedis(String deliveryTag) {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("correlation_id", id);
    properties.put("reply_to", id); // who would be told over RabbitMQ; must be there
    properties.put("delivery_mode", 2);
    Map<String, String> delivery = new LinkedHashMap<>();
    delivery.put("exchange", "");
    delivery.put("routing_key", queue);
    properties.put("delivery_info", delivery);
    properties.put("priority", 0);
    properties.put("body_encoding", "base64");
    properties.put("delivery_tag", deliveryTag);

    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    byte[] body = body().getBytes(StandardCharsets.UTF_8);
    envelope.put("body", Base64.getEncoder().encodeToString(body));
    envelope.put("content-encoding", "utf-8");
    envelope.put("content-type", "application/json");
    envelope.put("headers", headers());
    envelope.put("properties", properties);
    return List.of(RedisCommand.of("LPUSH", queue, Json.text(envelope)));
  }

  private static String shown(String json) {
    return json.length() <= MAX_SHOWN ? json : json.substring(0, MAX_SHOWN) + "...";
  }
}
