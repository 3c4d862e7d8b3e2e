package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * The Redis of RQ workers that were started with {@code --serializer
 * rq.serializers.JSONSerializer}. RQ's own serializer is pickle, which we neither write nor read.
 *
 * <pre>{@code
 * TaskType<Report> report =
 *     queue.define("report", Report.class, Rq.at("redis://localhost/0").job("reports.monthly"));
 * }</pre>
 *
 * <p>An immutable value, safe for any thread; all jobs of one share its connections.
 */
public final class Rq {
  private final RedisLink redis;

  private Rq(RedisLink redis) {
    this.redis = redis;
  }

  /**
   * Names the Redis: {@code redis://} or {@code rediss://}. Needs {@code redis.clients:jedis} on
   * the class path. Connects to nothing yet.
   *
   * @throws IllegalArgumentException if it is no such address
   */
  public static Rq at(String redis) {
    return at(URI.create(Objects.requireNonNull(redis, "at() needs the Redis' address.")));
  }

  /** Names the Redis; see {@link #at(String)}. */
  public static Rq at(URI redis) {
    return new Rq(RedisLink.at(redis));
  }

  /** Returns the way to a function, by its dotted path: {@code module.function}. */
  public RqJob job(String function) {
    return new RqJob(redis, function, "default", Duration.ofMinutes(3), Duration.ofDays(1));
  }
}
