package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

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
    return to(redis, null);
  }

  /**
   * The same for a {@code rediss://} whose certificate the JVM's own trust store does not know, or
   * that wants to see one.
   */
  public static Rq at(String redis, SSLContext tls) {
    return to(redis, Objects.requireNonNull(tls, "tls"));
  }

  private static Rq to(String redis, @Nullable SSLContext tls) {
    URI uri = URI.create(Objects.requireNonNull(redis, "at() needs the Redis' address."));
    ClientLibrary.REDIS.require();
    return new Rq(RedisLink.at(uri, tls));
  }

  /** Returns the way to a function, by its dotted path: {@code module.function}. */
  public RqJob job(String function) {
    return new RqJob(redis, function, "default", Duration.ofMinutes(3), Duration.ofDays(1));
  }
}
