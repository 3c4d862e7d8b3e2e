package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.Answers;
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
  private final @Nullable CeleryReplies replies;
  private final String name;
  private final String queue;

  CeleryTask(
      CeleryOutlet outlet,
      @Nullable RedisLink results,
      @Nullable CeleryReplies replies,
      String name,
      String queue) {
    this.outlet = outlet;
    this.results = results;
    this.replies = replies;
    this.name = Objects.requireNonNull(name, "A Celery task needs a name.");
    this.queue = Objects.requireNonNull(queue, "queue() needs a name.");
  }

  /** Returns a copy for workers of this queue; {@code celery} when not said. */
  public CeleryTask queue(String queue) {
    return new CeleryTask(outlet, results, replies, name, queue);
  }

  @Override
  public String system() {
    return "celery";
  }

  @Override
  public void start(String outbox, Answers answers) {
    if (replies != null) {
      replies.start(outbox, answers);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where results are read from a Redis it is looked first whether the task has been begun under
   * this id, and if it has, it is not published twice; the result of a failure is removed.
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
    String replyTo = replies == null ? null : replies.address();
    outlet.send(new CeleryMessage(task.id(), name, queue, Arguments.of(task.payload()), replyTo));
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
    if (replies != null) {
      return Duration.ofDays(1); // it is told, and need not ask, but is not over either
    }
    return results == null ? Duration.ZERO : Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    if (replies != null) {
      replies.close();
    }
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
