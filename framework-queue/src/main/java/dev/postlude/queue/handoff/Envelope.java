package dev.postlude.queue.handoff;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is handed to another system.
 *
 * @param id identifies the task; the same for every attempt to publish it, so that the other side
 *     can tell a repetition
 * @param name names the type of the task
 * @param payload the payload, as JSON
 * @param attempt counts the attempts, from 1
 * @param key the idempotency key that it was stored under; null when there was none
 */
public record Envelope(
    String id,
    String name,
    String payload,
    int attempt,
    Instant enqueuedAt,
    @Nullable String key) {}
