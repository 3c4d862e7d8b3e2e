package dev.postlude.queue;

import dev.postlude.queue.engine.Definition;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.rabbit.RabbitWorkers;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of tasks that a queue knows, in the order in which they were defined. */
final class Definitions {
  private final @Nullable RabbitWorkers workers;
  private final Map<String, Definition> all = new LinkedHashMap<>(); // guarded by this

  /** None yet; what has a handler is done by these workers, or here if there are none. */
  Definitions(@Nullable RabbitWorkers workers) {
    this.workers = workers;
  }

  /** Adds one with either a handler or another system that does it. */
  synchronized void add(
      String name,
      Type payload,
      TaskPolicy policy,
      @Nullable TaskHandler<Object> handler,
      @Nullable HandOff handOff) {
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
