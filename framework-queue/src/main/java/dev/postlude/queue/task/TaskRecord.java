package dev.postlude.queue.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as the store knows it: a picture of one moment.
 *
 * @param attempt how many attempts have begun
 * @param crashes how many of them ended with their process
 * @param dueAt when it may run next
 * @param startedAt when the latest attempt began
 * @param finishedAt when it came to its end
 * @param error what went wrong last, with the top of the stack, at most 4,000 characters; not for
 *     clients
 * @param done how much of the work is done, as the task says; 0 if it does not
 * @param total how much there is in all, as the task says; 0 if it does not
 * @param message what the task says of its progress
 * @param payload the payload, as JSON
 * @param result the result, as JSON
 * @param key the idempotency key that it was stored under
 * @param node which process has or had it
 * @param handedTo which system it was handed to
 * @param foreignId what that system knows it by
 */
public record TaskRecord(
    String id,
    String name,
    TaskState state,
    int attempt,
    int crashes,
    Instant enqueuedAt,
    Instant dueAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String error,
    long done,
    long total,
    String message,
    String payload,
    @Nullable String result,
    @Nullable String key,
    @Nullable String node,
    @Nullable String handedTo,
    @Nullable String foreignId) {}
