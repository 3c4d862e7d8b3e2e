package dev.postlude.queue.handoff.broker;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;

/**
 * A durable queue of our own: a quorum queue, so that a confirmed message is on disk on most
 * members of a cluster, and so that deliveries that ended badly are counted.
 *
 * @param deadLetters the queue for messages that were delivered too often; "" for a queue that is
 *     the end of the way
 */
public record AmqpQueue(String name, String deadLetters) {
  /** How many bad deliveries the server allows: far more than we do, who count ourselves. */
  private static final int DELIVERY_LIMIT = 50;

  /** Declares it; does nothing if it is there. */
  void declare(Channel channel) throws IOException {
    Map<String, Object> arguments =
        deadLetters.isEmpty()
            ? Map.of("x-queue-type", "quorum")
            : Map.of(
                "x-queue-type",
                "quorum",
                "x-delivery-limit",
                DELIVERY_LIMIT,
                "x-dead-letter-exchange",
                "",
                "x-dead-letter-routing-key",
                deadLetters,
                "x-dead-letter-strategy",
                "at-least-once",
                "x-overflow",
                "reject-publish");
    channel.queueDeclare(name, true, false, false, arguments);
  }
}
