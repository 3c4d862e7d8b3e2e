package dev.postlude.queue.handoff.broker;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * A Redis server, and the connections to it, which are opened when needed. Safe for any thread; all
 * methods block, for a few seconds when the server does not answer.
 */
public final class RedisLink implements AutoCloseable {
  private final URI uri;
  private final @Nullable SSLContext tls;
  private @Nullable RedisClient client; // guarded by this

  private RedisLink(URI uri, @Nullable SSLContext tls) {
    this.uri = uri;
    this.tls = tls;
  }

  /**
   * Reads {@code redis://user:password@host:port/database}, or {@code rediss://} for TLS, which
   * checks the server's certificate and name. Connects to nothing yet.
   *
   * @param tls whom to trust; null for the JVM's own trust store
   * @throws IllegalArgumentException if it is no such address
   */
  public static RedisLink at(URI uri, @Nullable SSLContext tls) {
    String scheme = uri.getScheme();
    if (!("redis".equals(scheme) || "rediss".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "A Redis address looks like redis://host:6379/0: " + uri.getHost());
    }
    return new RedisLink(withPort(uri), tls);
  }

  /** The client library insists on a port. */
  private static URI withPort(URI uri) {
    if (uri.getPort() >= 0) {
      return uri;
    }
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return URI.create(uri.getScheme() + "://" + user + uri.getHost() + ":6379" + path);
  }

  /**
   * Does all of them in one transaction, or none.
   *
   * @throws IOException when it is not certain that they were done
   */
  public void together(List<RedisCommand> commands) throws IOException {
    try (AbstractTransaction transaction = client().multi()) {
      for (RedisCommand each : commands) {
        transaction.sendCommand(
            Protocol.Command.valueOf(each.name()), each.arguments().toArray(String[]::new));
      }
      List<Object> answers = transaction.exec();
      if (answers == null || answers.size() != commands.size()) {
        throw new IOException("Redis did not do what it was told");
      }
      for (Object answer : answers) {
        if (answer instanceof Exception e) {
          throw new IOException("Redis refused: " + e.getMessage(), e);
        }
      }
    } catch (JedisException e) {
      throw failed(e);
    }
  }

  /** Reads a string; null when there is none. */
  public @Nullable String get(String key) throws IOException {
    try {
      return client().get(key);
    } catch (JedisException e) {
      throw failed(e);
    }
  }

  /** Reads a field of a hash; null when there is none. */
  public @Nullable String hashField(String key, String field) throws IOException {
    try {
      return client().hget(key, field);
    } catch (JedisException e) {
      throw failed(e);
    }
  }

  /** Reads the first element of a list; null when there is none. */
  public @Nullable String firstOfList(String key) throws IOException {
    try {
      return client().lindex(key, 0);
    } catch (JedisException e) {
      throw failed(e);
    }
  }

  /** Reads the newest entry of a stream; empty when there is none. */
  public Map<String, String> newestOfStream(String key) throws IOException {
    try {
      List<StreamEntry> newest = client().xrevrange(key, "+", "-", 1);
      return newest == null || newest.isEmpty() ? Map.of() : newest.get(0).getFields();
    } catch (JedisException e) {
      throw failed(e);
    }
  }

  /** Closes the connections, if there are any; asking again would open others. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private synchronized RedisClient client() {
    RedisClient open = client;
    if (open == null) {
      open =
          "rediss".equals(uri.getScheme())
              ? RedisClient.builder()
                  .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                  .clientConfig(overTls())
                  .build()
              : RedisClient.create(uri);
      client = open;
    }
    return open;
  }

  /** The client library, left to itself, would take any name. */
  @SuppressWarnings("deprecation") // what is to take its place knows files, and no SSLContext
  private DefaultJedisClientConfig overTls() {
    SSLParameters parameters = new SSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return DefaultJedisClientConfig.builder()
        .user(JedisURIHelper.getUser(uri))
        .password(JedisURIHelper.getPassword(uri))
        .database(JedisURIHelper.getDBIndex(uri))
        .ssl(true)
        .sslSocketFactory(
            tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls.getSocketFactory())
        .sslParameters(parameters)
        .build();
  }

  private IOException failed(JedisException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(
        "Redis at "
            + uri.getHost()
            + ":"
            + uri.getPort()
            + ": "
            + e.getMessage()
            + " ("
            + cause
            + ")",
        e);
  }
}
