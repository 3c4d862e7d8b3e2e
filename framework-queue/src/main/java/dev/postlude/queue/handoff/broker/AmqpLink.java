package dev.postlude.queue.handoff.broker;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The way to a RabbitMQ server. Opens connections that heal nothing by themselves: their owners
 * open another one, and so know what was lost. An immutable value, safe for any thread.
 */
public final class AmqpLink {
  private static final int TEN_SECONDS = 10_000;

  private final ConnectionFactory factory;
  private final String shown;

  private AmqpLink(ConnectionFactory factory, String shown) {
    this.factory = factory;
    this.shown = shown;
  }

  /**
   * Reads {@code amqp://user:password@host:port/vhost}, or {@code amqps://}, which checks the
   * server's certificate and name. Connects to nothing yet.
   *
   * @param tls whom to trust; null for the JVM's own trust store
   * @throws IllegalArgumentException if it is no such address
   */
  public static AmqpLink at(URI uri, @Nullable SSLContext tls) {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
      if ("amqps".equalsIgnoreCase(uri.getScheme())) {
        // The one that setUri() chooses trusts anybody.
        factory.useSslProtocol(tls == null ? SSLContext.getDefault() : tls);
        factory.enableHostnameVerification();
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "An AMQP address looks like amqp://user:password@host:5672/vhost: " + shown(uri), e);
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(TEN_SECONDS);
    factory.setHandshakeTimeout(TEN_SECONDS);
    factory.setChannelRpcTimeout(TEN_SECONDS);
    factory.setRequestedHeartbeat(15); // seconds
    factory.setThreadFactory(
        task -> {
          Thread thread = new Thread(task, "postlude-amqp");
          thread.setDaemon(true);
          return thread;
        });
    return new AmqpLink(factory, shown(uri));
  }

  /**
   * Connects. Blocks for up to some ten seconds.
   *
   * @throws IOException when that fails
   */
  Connection connect(String purpose) throws IOException {
    try {
      return factory.newConnection(purpose);
    } catch (IOException | TimeoutException e) {
      throw new IOException("RabbitMQ at " + shown + " cannot be reached: " + reason(e), e);
    }
  }

  /** What went wrong, also where an exception has no message of its own. */
  static String reason(Throwable e) {
    Throwable said = e.getMessage() == null && e.getCause() != null ? e.getCause() : e;
    return said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
  }

  private static String shown(URI uri) {
    return uri.getHost() + ":" + (uri.getPort() < 0 ? "(default port)" : uri.getPort());
  }

  /** The server's host and port, without user and password. */
  @Override
  public String toString() {
    return shown;
  }
}
