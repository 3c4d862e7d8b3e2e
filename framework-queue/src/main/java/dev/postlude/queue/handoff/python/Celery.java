package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A Celery application's broker, and where its results are.
 *
 * <pre>{@code
 * Celery celery = Celery.at("amqp://localhost").results("redis://localhost/0");
 * TaskType<Thumb> thumbnail =
 *     queue.define("thumbnail", Thumb.class, celery.task("images.thumbnail").queue("celery"));
 * }</pre>
 *
 * <p>Celery's workers acknowledge a task before they run it and lose it when they are killed,
 * unless they are told otherwise: {@code task_acks_late=True, task_reject_on_worker_lost=True}. An
 * immutable value, safe for any thread; all tasks of one share its connections.
 */
public final class Celery {
  private final CeleryOutlet outlet;
  private final @Nullable RedisLink results;
  private final @Nullable CeleryReplies replies;
  private final @Nullable CeleryReplies possible;
  private final @Nullable SSLContext tls;

  private Celery(
      CeleryOutlet outlet,
      @Nullable RedisLink results,
      @Nullable CeleryReplies replies,
      @Nullable CeleryReplies possible,
      @Nullable SSLContext tls) {
    this.outlet = outlet;
    this.results = results;
    this.replies = replies;
    this.possible = possible;
    this.tls = tls;
  }

  /**
   * Names the broker: {@code amqp://}, {@code amqps://}, {@code redis://} or {@code rediss://}, as
   * in Celery's {@code broker_url}, of which it needs the same client library on the class path:
   * {@code com.rabbitmq:amqp-client} or {@code redis.clients:jedis}. Connects to nothing yet.
   *
   * @throws IllegalArgumentException if it is no such address
   */
  public static Celery at(String broker) {
    return to(broker, null);
  }

  /**
   * The same with certificates that the JVM's own trust store does not know, or with one to show:
   * used for the broker at {@code amqps://} or {@code rediss://}, and for results.
   */
  public static Celery at(String broker, SSLContext tls) {
    return to(broker, Objects.requireNonNull(tls, "tls"));
  }

  private static Celery to(String address, @Nullable SSLContext tls) {
    URI broker = URI.create(Objects.requireNonNull(address, "at() needs the broker's address."));
    String scheme = String.valueOf(broker.getScheme());
    return switch (scheme) {
      case "amqp", "amqps" -> {
        ClientLibrary.AMQP.require();
        AmqpLink link = AmqpLink.at(broker, tls);
        List<AmqpQueue> own = new CopyOnWriteArrayList<>();
        CeleryReplies replies = new CeleryReplies(link, own);
        yield new Celery(CeleryOutlet.amqp(link, own), null, null, replies, tls);
      }
      case "redis", "rediss" -> new Celery(CeleryOutlet.redis(broker, tls), null, null, null, tls);
      default ->
          throw new IllegalArgumentException(
              "Celery's broker is at amqp://, amqps://, redis:// or rediss://, and not at "
                  + scheme
                  + "://");
    };
  }

  /**
   * Returns a copy that learns of results and progress: from a Redis, the one in Celery's {@code
   * result_backend}, or with {@code rpc://}, where that says the same, over the broker if it is a
   * RabbitMQ. Without it nothing is known of a task once it was handed off.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public Celery results(String backend) {
    if (!backend.equals("rpc://")) {
      ClientLibrary.REDIS.require();
      RedisLink redis = RedisLink.at(URI.create(backend), tls);
      return new Celery(outlet, redis, null, possible, tls);
    }
    if (possible == null) {
      throw new IllegalArgumentException("results(\"rpc://\") needs RabbitMQ as the broker.");
    }
    return new Celery(outlet, null, possible, possible, tls);
  }

  /**
   * Returns the way to a task, by the name that the worker knows it by: {@code module.function}.
   */
  public CeleryTask task(String name) {
    return new CeleryTask(outlet, results, replies, name, "celery");
  }
}
