package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way to a worker: one attempt at it. The body is the payload.
 *
 * @param mark identifies the publication: a task may be published more than once
 * @param crashes how often it had lost its process when it was moved to the suspects
 * @param key the idempotency key that it was stored under
 * @param replyTo where it is to be told what became of it
 */
record Job(
    String id,
    String mark,
    int attempt,
    int crashes,
    Instant enqueuedAt,
    @Nullable String key,
    String payload,
    @Nullable String replyTo) {
  private static final String MARK = "publication";
  static final String ATTEMPT = "attempt";
  private static final String CRASHES = "crashes";
  private static final String ENQUEUED = "enqueued-at";
  private static final String KEY = "key";

  static Job of(Envelope task, String replyTo) {
    return new Job(
        task.id(),
        UUID.randomUUID().toString(),
        task.attempt(),
        0,
        task.enqueuedAt(),
        task.key(),
        task.payload(),
        replyTo);
  }

  static Job read(AmqpDelivery delivery) {
    return new Job(
        delivery.correlationId(),
        delivery.header(MARK),
        Math.max(1, delivery.number(ATTEMPT)),
        delivery.number(CRASHES),
        Instant.ofEpochMilli(delivery.millis(ENQUEUED)),
        delivery.hasHeader(KEY) ? delivery.header(KEY) : null,
        delivery.body(),
        delivery.replyTo());
  }

  Job withCrashes(int crashes) {
    return new Job(id, mark, attempt, crashes, enqueuedAt, key, payload, replyTo);
  }

  AmqpMessage to(String queue) {
    Map<String, @Nullable Object> headers = new LinkedHashMap<>();
    headers.put(MARK, mark);
    headers.put(ATTEMPT, attempt);
    headers.put(CRASHES, crashes);
    headers.put(ENQUEUED, enqueuedAt.toEpochMilli());
    if (key != null) {
      headers.put(KEY, key);
    }
    return new AmqpMessage(queue, "utf-8", id, replyTo, headers, payload);
  }

  @Override
  public String toString() {
    return "task " + id + ", attempt " + attempt;
  }
}
