package dev.postlude.queue.handoff;

import java.net.URI;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ server, and what an application's queues are called there. An immutable value, which
 * connects to nothing.
 *
 * <pre>{@code
 * TaskQueue.rabbitmq(RabbitMq.at("amqps://shop:secret@rabbit/shop").prefix("shop"), pool);
 * }</pre>
 */
public final class RabbitMq {
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  private final URI uri;
  private final String prefix;
  private final @Nullable SSLContext tls;

  private RabbitMq(URI uri, String prefix, @Nullable SSLContext tls) {
    this.uri = uri;
    this.prefix = prefix;
    this.tls = tls;
  }

  /**
   * Names the server: {@code amqp://user:password@host:port/vhost}, or {@code amqps://}, where the
   * server's certificate and name are checked against the JVM's own trust store.
   *
   * @throws IllegalArgumentException if it is no address at all
   */
  public static RabbitMq at(String uri) {
    return new RabbitMq(
        URI.create(Objects.requireNonNull(uri, "at() needs RabbitMQ's address.")),
        "postlude",
        null);
  }

  /**
   * Returns a copy whose queues begin with this; {@code postlude} when not said. Two applications
   * on one server need two prefixes, or two virtual hosts.
   *
   * @throws IllegalArgumentException unless made of up to 40 letters, digits, dots, dashes and
   *     underscores
   */
  public RabbitMq prefix(String prefix) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "A prefix is made of up to 40 letters, digits, dots, dashes and underscores: " + prefix);
    }
    return new RabbitMq(uri, prefix, tls);
  }

  /**
   * Returns a copy that trusts, and shows itself to the server, as this says; for {@code amqps://}.
   */
  public RabbitMq tls(SSLContext tls) {
    return new RabbitMq(uri, prefix, Objects.requireNonNull(tls, "tls"));
  }

  /** The server's address. */
  public URI uri() {
    return uri;
  }

  /** What its queues begin with. */
  public String prefix() {
    return prefix;
  }

  /** Whom to trust; null for the JVM's own trust store. */
  public @Nullable SSLContext tls() {
    return tls;
  }

  /** The server's host, without user and password. */
  @Override
  public String toString() {
    return "RabbitMq[" + uri.getHost() + ", " + prefix + "]";
  }
}
