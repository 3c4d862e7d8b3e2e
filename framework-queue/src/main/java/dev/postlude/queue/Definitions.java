package dev.postlude.queue;

import dev.postlude.http.TypeOf;
import dev.postlude.queue.engine.Definition;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.rabbit.RabbitWorkers;
import dev.postlude.queue.task.TaskAction;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The types of tasks that a queue knows, in the order in which they were defined. */
final class Definitions {
  private static final String NO_PAYLOAD =
      "A type of tasks needs the type of what comes with each of them: Welcome.class, or a TypeOf.";
  private static final String NO_HANDLER =
      "A type of tasks needs what is done for each of them: (mail, run) -> smtp.send(mail).";

  private final @Nullable RabbitWorkers workers;
  private final Map<String, Definition> all = new LinkedHashMap<>(); // guarded by this

  /** None yet; what has a handler is done by these workers, or here if there are none. */
  Definitions(@Nullable RabbitWorkers workers) {
    this.workers = workers;
  }

  /** Asks for the type of a payload in a sentence when it is missing. */
  static Type payload(TypeOf<?> payload) {
    return Objects.requireNonNull(payload, NO_PAYLOAD).type();
  }

  /** Makes a handler of what is done for each task; asks for it when it is missing. */
  static <T> TaskHandler<T> handler(TaskAction<T> action) {
    return TaskHandler.of(Objects.requireNonNull(action, NO_HANDLER));
  }

  /** Returns the handler; asks for it when it is missing. */
  static <T> TaskHandler<T> given(TaskHandler<T> handler) {
    return Objects.requireNonNull(handler, NO_HANDLER);
  }

  /** Returns the other system; asks for it when it is missing. */
  static HandOff given(HandOff handOff) {
    return Objects.requireNonNull(
        handOff,
        "A type of tasks needs the other system that does them, such as celery.task(\"name\").");
  }

  /** Adds one with either a handler or another system that does it. */
  synchronized void add(
      String name,
      Type payload,
      TaskPolicy policy,
      @Nullable TaskHandler<Object> handler,
      @Nullable HandOff handOff) {
    Objects.requireNonNull(
        name, "A type of tasks needs a name, which its tasks are stored under: \"welcome-mail\".");
    Objects.requireNonNull(payload, NO_PAYLOAD);
    Objects.requireNonNull(
        policy, "A type of tasks needs a policy, if only TaskPolicy.defaults().");
    if (name.isBlank() || name.length() > 100) {
      throw new IllegalArgumentException(
          "The name of a type of tasks has 1 to 100 characters: \"" + name + "\"");
    }
    if (all.containsKey(name)) {
      throw new IllegalArgumentException("\"" + name + "\" is defined already.");
    }
    if (workers != null && handler != null) {
      // The policy is that of the workers: handing over is tried for as long as it takes.
      HandOff way = workers.handle(name, payload, handler, policy);
      all.put(name, new Definition(name, payload, TaskPolicy.defaults(), null, way));
    } else {
      all.put(name, new Definition(name, payload, policy, handler, handOff));
    }
  }

  synchronized List<String> names() {
    return List.copyOf(all.keySet());
  }

  synchronized Map<String, Definition> all() {
    return new LinkedHashMap<>(all);
  }
}
