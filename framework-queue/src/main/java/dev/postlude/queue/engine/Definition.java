package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a type of tasks.
 *
 * @param payload what the payload is read as
 * @param handler what is done; null where it is handed off
 * @param handOff who does it instead; null where there is a handler
 */
public record Definition(
    String name,
    Type payload,
    TaskPolicy policy,
    @Nullable TaskHandler<Object> handler,
    @Nullable HandOff handOff) {}
