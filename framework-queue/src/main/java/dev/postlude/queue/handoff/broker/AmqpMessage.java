package dev.postlude.queue.handoff.broker;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of AMQP 0-9-1: persistent, published to the default exchange, which routes it to the
 * queue of that name.
 *
 * @param queue the routing key
 * @param contentEncoding the encoding of the body's characters; null to say none
 * @param correlationId identifies the task
 * @param replyTo the queue for answers; null for none
 * @param headers strings, numbers, truth values, lists, maps and null; the order is kept
 * @param body UTF-8 text
 */
public record AmqpMessage(
    String queue,
    @Nullable String contentEncoding,
    String correlationId,
    @Nullable String replyTo,
    Map<String, @Nullable Object> headers,
    String body) {

  /** Refuses to be changed afterwards. */
  public AmqpMessage {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers)); // null values are allowed
  }
}
