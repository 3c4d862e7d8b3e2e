package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.broker.RedisCommand;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task that a Celery worker does. A payload that is a JSON object becomes the function's named
 * arguments, an array its positional ones, anything else its only one.
 *
 * <p>An immutable value. Made by {@link Celery#task}.
 */
public final class CeleryTask implements HandOff {
  private final CeleryOutlet outlet;
  private final @Nullable RedisLink results;
  private final String name;
  private final String queue;

  CeleryTask(CeleryOutlet outlet, @Nullable RedisLink results, String name, String queue) {
    this.outlet = outlet;
    this.results = results;
    this.name = Objects.requireNonNull(name, "A Celery task needs a name.");
    this.queue = Objects.requireNonNull(queue, "queue() needs a name.");
  }

  /** Returns a copy for workers of this queue; {@code celery} when not said. */
  public CeleryTask queue(String queue) {
    return new CeleryTask(outlet, results, name, queue);
  }

  @Override
  public String system() {
    return "celery";
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where results are read it is looked first whether the task has been begun under this id, and
   * if it has, it is not published twice; the result of a failure is removed.
   */
  @Override
  public String publish(Envelope task) throws Exception {
    if (results != null) {
      String earlier = results.get(key(task.id()));
      if (earlier != null) {
        if (CeleryResult.read(earlier).phase() != ForeignStatus.Phase.FAILED) {
          return task.id();
        }
        results.together(List.of(RedisCommand.of("DEL", key(task.id()))));
      }
    }
    outlet.send(new CeleryMessage(task.id(), name, queue, Arguments.of(task.payload()), null));
    return task.id();
  }

  @Override
  public ForeignStatus status(String foreignId) throws Exception {
    return results == null
        ? ForeignStatus.pending()
        : CeleryResult.read(results.get(key(foreignId)));
  }

  @Override
  public Duration askEvery() {
    return results == null ? Duration.ZERO : Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    outlet.close();
    if (results != null) {
      results.close();
    }
  }

  private static String key(String id) {
    return "celery-task-meta-" + id;
  }

  @Override
  public String toString() {
    return "celery:" + name;
  }
}
