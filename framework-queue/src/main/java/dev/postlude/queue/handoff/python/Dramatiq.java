package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A Dramatiq broker, and where its results are.
 *
 * <pre>{@code
 * Dramatiq dramatiq = Dramatiq.at("redis://localhost/0").results("redis://localhost/0");
 * TaskType<Order> ship = queue.define("ship", Order.class, dramatiq.actor("ship_order"));
 * }</pre>
 *
 * <p>An immutable value, safe for any thread; all actors of one share its connections.
 */
public final class Dramatiq {
  private final DramatiqOutlet outlet;
  private final @Nullable RedisLink results;
  private final @Nullable SSLContext tls;

  private Dramatiq(DramatiqOutlet outlet, @Nullable RedisLink results, @Nullable SSLContext tls) {
    this.outlet = outlet;
    this.results = results;
    this.tls = tls;
  }

  /**
   * Names the broker: {@code amqp://}, {@code amqps://}, {@code redis://} or {@code rediss://}.
   * Needs {@code com.rabbitmq:amqp-client} or {@code redis.clients:jedis} on the class path.
   * Connects to nothing yet.
   *
   * @throws IllegalArgumentException if it is no such address
   */
  public static Dramatiq at(String broker) {
    return to(broker, null);
  }

  /**
   * The same with certificates that the JVM's own trust store does not know, or with one to show:
   * used for the broker at {@code amqps://} or {@code rediss://}, and for results.
   */
  public static Dramatiq at(String broker, SSLContext tls) {
    return to(broker, Objects.requireNonNull(tls, "tls"));
  }

  private static Dramatiq to(String address, @Nullable SSLContext tls) {
    URI broker = URI.create(Objects.requireNonNull(address, "at() needs the broker's address."));
    String scheme = String.valueOf(broker.getScheme());
    return switch (scheme) {
      case "amqp", "amqps" -> new Dramatiq(DramatiqOutlet.amqp(broker, tls), null, tls);
      case "redis", "rediss" -> new Dramatiq(DramatiqOutlet.redis(broker, tls), null, tls);
      default ->
          throw new IllegalArgumentException(
              "Dramatiq's broker is at amqp://, amqps://, redis:// or rediss://, and not at "
                  + scheme
                  + "://");
    };
  }

  /**
   * Returns a copy that reads results from a Redis: that of the worker's {@code RedisBackend} for
   * the middleware {@code Results}, of an actor with {@code store_results=True}. Without it nothing
   * is known of a task once it was handed off. Dramatiq keeps results for ten minutes unless told
   * otherwise, and does not tell of those actors that failed and are tried again.
   *
   * @throws IllegalArgumentException if it is no Redis address
   */
  public Dramatiq results(String redis) {
    ClientLibrary.REDIS.require();
    return new Dramatiq(outlet, RedisLink.at(URI.create(redis), tls), tls);
  }

  /** Returns the way to an actor, by the name that the worker knows it by. */
  public DramatiqActor actor(String name) {
    return new DramatiqActor(outlet, results, name, "default");
  }
}
