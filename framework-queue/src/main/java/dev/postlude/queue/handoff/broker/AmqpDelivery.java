package dev.postlude.queue.handoff.broker;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was delivered, which RabbitMQ keeps until it is settled. Lost with its
 * connection: the message is delivered again then, and settling this one does nothing. Safe for any
 * thread.
 */
public final class AmqpDelivery {
  private final Channel channel;
  private final long tag;
  private final BasicProperties properties;
  private final String body;

  AmqpDelivery(Channel channel, Delivery delivery) {
    this.channel = channel;
    this.tag = delivery.getEnvelope().getDeliveryTag();
    this.properties = delivery.getProperties();
    this.body = new String(delivery.getBody(), StandardCharsets.UTF_8);
  }

  /** The body, read as UTF-8. */
  public String body() {
    return body;
  }

  /** What the answer is to be marked with; "" if the sender did not say. */
  public String correlationId() {
    return properties.getCorrelationId() == null ? "" : properties.getCorrelationId();
  }

  /** Where the answer is to go; null for nowhere. */
  public @Nullable String replyTo() {
    return properties.getReplyTo();
  }

  /** The text of a header; "" if there is none. */
  public String header(String name) {
    Object value = headers().get(name);
    return value == null ? "" : value.toString();
  }

  /** Tells whether it has this header. */
  public boolean hasHeader(String name) {
    return headers().get(name) != null;
  }

  /** The number in a header; 0 if there is none. */
  public int number(String name) {
    return headers().get(name) instanceof Number number ? number.intValue() : 0;
  }

  /** The number in a header, as milliseconds since 1970; 0 if there is none. */
  public long millis(String name) {
    return headers().get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** How often a quorum queue has delivered it before, to somebody who did not settle it. */
  public int earlierDeliveries() {
    return Math.max(number("x-delivery-count"), number("x-acquired-count"));
  }

  /** Tells whether it can still be settled; otherwise it will be delivered again. */
  public boolean isCurrent() {
    return channel.isOpen();
  }

  /** Settles it: it is done, and forgotten. */
  public synchronized void ack() {
    try {
      channel.basicAck(tag, false);
    } catch (IOException | AlreadyClosedException e) {
      // It will be delivered again.
    }
  }

  /** Gives it back, to be delivered again. */
  public synchronized void requeue() {
    try {
      channel.basicNack(tag, false, true);
    } catch (IOException | AlreadyClosedException e) {
      // It will be delivered again.
    }
  }

  private Map<String, Object> headers() {
    return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
  }
}
