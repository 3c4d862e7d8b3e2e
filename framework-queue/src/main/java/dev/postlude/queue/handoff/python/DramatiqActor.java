package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.broker.RedisCommand;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task that a Dramatiq actor does. A payload that is a JSON object becomes the actor's named
 * arguments, an array its positional ones, anything else its only one.
 *
 * <p>An immutable value. Made by {@link Dramatiq#actor}.
 */
public final class DramatiqActor implements HandOff {
  private final DramatiqOutlet outlet;
  private final @Nullable RedisLink results;
  private final String name;
  private final String queue;

  DramatiqActor(DramatiqOutlet outlet, @Nullable RedisLink results, String name, String queue) {
    this.outlet = outlet;
    this.results = results;
    this.name = Objects.requireNonNull(name, "A Dramatiq actor needs a name.");
    this.queue = Objects.requireNonNull(queue, "queue() needs a name.");
  }

  /** Returns a copy for workers of this queue; {@code default} when not said. */
  public DramatiqActor queue(String queue) {
    return new DramatiqActor(outlet, results, name, queue);
  }

  @Override
  public String system() {
    return "dramatiq";
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where results are read it is looked first whether the task has been done under this id, and
   * if it has, it is not published twice; the result of a failure is removed.
   */
  @Override
  public String publish(Envelope task) throws Exception {
    DramatiqMessage message = message(task.id(), Arguments.of(task.payload()));
    if (results != null) {
      String earlier = results.firstOfList(message.resultKey());
      if (earlier != null) {
        if (DramatiqResult.read(earlier).phase() != ForeignStatus.Phase.FAILED) {
          return task.id();
        }
        results.together(List.of(RedisCommand.of("DEL", message.resultKey())));
      }
    }
    outlet.send(message);
    return task.id();
  }

  @Override
  public ForeignStatus status(String foreignId) throws Exception {
    return results == null
        ? ForeignStatus.pending()
        : DramatiqResult.read(
            results.firstOfList(message(foreignId, Arguments.of("{}")).resultKey()));
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

  private DramatiqMessage message(String id, Arguments arguments) {
    return new DramatiqMessage(id, name, queue, arguments, Instant.now());
  }

  @Override
  public String toString() {
    return "dramatiq:" + name;
  }
}
