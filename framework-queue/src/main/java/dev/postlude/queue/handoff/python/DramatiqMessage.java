package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A message on its way to a Dramatiq actor.
 *
 * @param id identifies the task, on both sides
 * @param actor the name that the worker knows the function by
 * @param queue the worker's queue: {@code default}, unless the actor was told otherwise
 */
record DramatiqMessage(String id, String actor, String queue, Arguments arguments, Instant now) {
  /** The message, with these options, a JSON object. */
  String json(String options) {
    return "{\"queue_name\":"
        + Json.text(queue)
        + ",\"actor_name\":"
        + Json.text(actor)
        + ",\"args\":"
        + arguments.positional()
        + ",\"kwargs\":"
        + arguments.named()
        + ",\"options\":"
        + options
        + ",\"message_id\":"
        + Json.text(id)
        + ",\"message_timestamp\":"
        + now.toEpochMilli()
        + "}";
  }

  AmqpMessage toAmqp() {
    return new AmqpMessage(queue, null, id, null, Map.of(), json("{}"));
  }

  /**
   * The same for a worker that reads from Redis, to be done in one transaction.
   *
   * @param deliveryId identifies this attempt to deliver it: another one each time
   */
  List<RedisCommand> toRedis(String deliveryId) {
    String options = Json.text(Map.of("redis_message_id", deliveryId));
    return List.of(
        RedisCommand.of("HSET", "dramatiq:" + queue + ".msgs", deliveryId, json(options)),
        RedisCommand.of("RPUSH", "dramatiq:" + queue, deliveryId));
  }

  /** Where the worker's middleware {@code Results} keeps what the actor returned. */
  String resultKey() {
    String plain = "dramatiq-results:" + queue + ":" + actor + ":" + id;
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(plain.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
