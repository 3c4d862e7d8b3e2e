package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A task that an RQ worker does. A payload that is a JSON object becomes the function's named
 * arguments, an array its positional ones, anything else its only one. Progress is read from the
 * job's {@code meta}.
 *
 * <p>An immutable value. Made by {@link Rq#job}.
 */
public final class RqJob implements HandOff {
  private final RedisLink redis;
  private final String function;
  private final String queue;
  private final Duration timeout;
  private final Duration keepResult;

  RqJob(RedisLink redis, String function, String queue, Duration timeout, Duration keepResult) {
    this.redis = redis;
    this.function = Objects.requireNonNull(function, "An RQ job needs a function.");
    this.queue = Objects.requireNonNull(queue, "queue() needs a name.");
    this.timeout = timeout;
    this.keepResult = keepResult;
  }

  /** Returns a copy for workers of this queue; {@code default} when not said. */
  public RqJob queue(String queue) {
    return new RqJob(redis, function, queue, timeout, keepResult);
  }

  /**
   * Returns a copy that the worker kills after this long, in whole seconds; three minutes when not
   * said.
   *
   * @throws IllegalArgumentException if shorter than a second
   */
  public RqJob timeout(Duration timeout) {
    return new RqJob(redis, function, queue, aSecond(timeout, "timeout"), keepResult);
  }

  /**
   * Returns a copy whose job and result RQ keeps for this long after its end, in whole seconds; a
   * day when not said. A queue that was stopped for longer finds no result any more.
   *
   * @throws IllegalArgumentException if shorter than a second
   */
  public RqJob keepResult(Duration keep) {
    return new RqJob(redis, function, queue, timeout, aSecond(keep, "keepResult"));
  }

  @Override
  public String system() {
    return "rq";
  }

  /**
   * {@inheritDoc}
   *
   * <p>It is looked first whether RQ has the job under this id, and if it has, and it did not fail,
   * it is not published twice.
   */
  @Override
  public String publish(Envelope task) throws Exception {
    String status = redis.hashField(RqJobRecord.key(task.id()), "status");
    boolean there = status != null && read(task.id()).phase() != ForeignStatus.Phase.FAILED;
    if (!there) {
      Arguments arguments = Arguments.of(task.payload());
      redis.together(
          new RqJobRecord(task.id(), function, queue, arguments, timeout, keepResult, Instant.now())
              .toRedis());
    }
    return task.id();
  }

  @Override
  public ForeignStatus status(String foreignId) throws Exception {
    return read(foreignId);
  }

  private ForeignStatus read(String id) throws Exception {
    String key = RqJobRecord.key(id);
    return new RqResult(
            redis.hashField(key, "status"),
            redis.hashField(key, "meta"),
            redis.newestOfStream(RqJobRecord.resultsKey(id)))
        .toStatus();
  }

  @Override
  public void close() {
    redis.close();
  }

  private static Duration aSecond(Duration given, String what) {
    if (given.toSeconds() < 1) {
      throw new IllegalArgumentException(what + " must be a second or more: " + given);
    }
    return given;
  }

  @Override
  public String toString() {
    return "rq:" + function;
  }
}
