package dev.postlude.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens and what it allows its clients. Immutable: each method without the
 * argument reads, with it makes a copy.
 *
 * <p>Every limit has a default that is safe on the open internet.
 */
public final class ServerOptions implements Cloneable {
  private String host = "0.0.0.0";
  private int port;
  private int maxRequestLine = 8 * 1024;
  private int maxHead = 16 * 1024;
  private int maxHeaderCount = 100;
  private long maxBody = 1024 * 1024;
  private Duration headTimeout = Duration.ofSeconds(10);
  private Duration bodyTimeout = Duration.ofSeconds(15);
  private int minBodyRate = 1024;
  private Duration idleTimeout = Duration.ofSeconds(75);
  private Duration writeTimeout = Duration.ofSeconds(30);
  private int maxConnections = 10_000;
  private Http1Options http1 = Http1Options.defaults();
  private Http2Options http2 = Http2Options.defaults();
  private Duration requestDrain = Duration.ofSeconds(10);
  private Duration taskDrain = Duration.ofSeconds(20);
  private boolean stopOnSignal = true;
  private int eventLoops = Runtime.getRuntime().availableProcessors();
  private int workerThreads = 200;
  private @Nullable Path tlsCertificate;
  private @Nullable Path tlsKey;

  private ServerOptions() {}

  /**
   * The defaults, listening on a port of all interfaces.
   *
   * @param port 1 to 65535, or 0 for any free one
   */
  public static ServerOptions onPort(int port) {
    return new ServerOptions().port(port);
  }

  public int port() {
    return port;
  }

  /** The port to listen on: 1 to 65535, or 0 for any free one. */
  public ServerOptions port(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "a port is between 0 (any free one) and 65535, not " + port);
    }
    return copy(to -> to.port = port);
  }

  public String host() {
    return host;
  }

  /**
   * The address to listen on: {@code 0.0.0.0} (default) for all interfaces, {@code 127.0.0.1} for
   * this machine only.
   */
  public ServerOptions host(String host) {
    if (Objects.requireNonNull(host, "host").isBlank()) {
      throw new IllegalArgumentException(
          "a host is an address of this machine, such as 0.0.0.0 or 127.0.0.1, and not blank");
    }
    return copy(to -> to.host = host);
  }

  public int maxRequestLine() {
    return maxRequestLine;
  }

  /**
   * The longest request line in bytes (default 8 KiB); a longer one is answered with 414. RFC 9112
   * section 3 asks for 8,000.
   */
  public ServerOptions maxRequestLine(int bytes) {
    return copy(to -> to.maxRequestLine = Bounds.positive("maxRequestLine", bytes));
  }

  public int maxHead() {
    return maxHead;
  }

  /** The largest header section in bytes (default 16 KiB); a larger one is answered with 431. */
  public ServerOptions maxHead(int bytes) {
    return copy(to -> to.maxHead = Bounds.positive("maxHead", bytes));
  }

  public int maxHeaderCount() {
    return maxHeaderCount;
  }

  /** The most header fields (default 100); more are answered with 431. */
  public ServerOptions maxHeaderCount(int fields) {
    return copy(to -> to.maxHeaderCount = Bounds.positive("maxHeaderCount", fields));
  }

  public long maxBody() {
    return maxBody;
  }

  /**
   * The largest request body in bytes (default 1 MiB), unless the route says otherwise; a larger
   * one is answered with 413.
   */
  public ServerOptions maxBody(long bytes) {
    if (bytes < 0 || bytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("maxBody is between 0 bytes and 2 GiB, not " + bytes);
    }
    return copy(to -> to.maxBody = bytes);
  }

  public Duration headTimeout() {
    return headTimeout;
  }

  /**
   * The time for a whole request head from its first byte (default 10 s), and for the first byte of
   * a new connection.
   */
  public ServerOptions headTimeout(Duration time) {
    return copy(to -> to.headTimeout = Bounds.positive("headTimeout", time));
  }

  public Duration bodyTimeout() {
    return bodyTimeout;
  }

  /** The longest pause within a request body, or a WebSocket message (default 15 s). */
  public ServerOptions bodyTimeout(Duration time) {
    return copy(to -> to.bodyTimeout = Bounds.positive("bodyTimeout", time));
  }

  public int minBodyRate() {
    return minBodyRate;
  }

  /**
   * How many bytes a second (default 1,024) a body must have kept up on average that takes longer
   * than the body's timeout altogether; 0 for any number.
   */
  public ServerOptions minBodyRate(int bytesPerSecond) {
    return copy(to -> to.minBodyRate = (int) Bounds.notNegative("minBodyRate", bytesPerSecond));
  }

  public Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * How long a connection is kept between two requests (default 75 s). A proxy should end it first,
   * or it sends requests into connections that are just being closed; the 60 s that are usual with
   * proxies are less.
   */
  public ServerOptions idleTimeout(Duration time) {
    return copy(to -> to.idleTimeout = Bounds.positive("idleTimeout", time));
  }

  public Duration writeTimeout() {
    return writeTimeout;
  }

  /**
   * How long a client may take no byte of a response, or give no room for one in the windows of
   * HTTP/2, before the connection is closed (default 30 s).
   */
  public ServerOptions writeTimeout(Duration time) {
    return copy(to -> to.writeTimeout = Bounds.positive("writeTimeout", time));
  }

  public int maxConnections() {
    return maxConnections;
  }

  /**
   * The most open connections (default 10,000); while there are so many, new ones wait in the
   * kernel's queue.
   */
  public ServerOptions maxConnections(int connections) {
    return copy(to -> to.maxConnections = Bounds.positive("maxConnections", connections));
  }

  public Http1Options http1() {
    return http1;
  }

  /** What HTTP/1.1 connections allow besides. */
  public ServerOptions http1(Http1Options options) {
    Objects.requireNonNull(options, "options");
    return copy(to -> to.http1 = options);
  }

  public Http2Options http2() {
    return http2;
  }

  /** What HTTP/2 connections allow besides. */
  public ServerOptions http2(Http2Options options) {
    Objects.requireNonNull(options, "options");
    return copy(to -> to.http2 = options);
  }

  public Duration requestDrain() {
    return requestDrain;
  }

  /** How long a stopping server waits for requests in flight (default 10 s). */
  public ServerOptions requestDrain(Duration time) {
    return copy(to -> to.requestDrain = Bounds.notNegative("requestDrain", time));
  }

  public Duration taskDrain() {
    return taskDrain;
  }

  /** How long a stopping server waits for background tasks after that (default 20 s). */
  public ServerOptions taskDrain(Duration time) {
    return copy(to -> to.taskDrain = Bounds.notNegative("taskDrain", time));
  }

  public boolean stopOnSignal() {
    return stopOnSignal;
  }

  /**
   * Whether SIGTERM and SIGINT stop the server gracefully and end the process with 0, a second one
   * at once (default true).
   */
  public ServerOptions stopOnSignal(boolean stop) {
    return copy(to -> to.stopOnSignal = stop);
  }

  public int eventLoops() {
    return eventLoops;
  }

  /** The number of event loop threads (default: one a processor). */
  public ServerOptions eventLoops(int threads) {
    return copy(to -> to.eventLoops = Bounds.positive("eventLoops", threads));
  }

  public int workerThreads() {
    return workerThreads;
  }

  /**
   * The most threads that run handlers on JDKs before 21 (default 200); later ones have as many
   * virtual threads as requests are handled at once.
   */
  public ServerOptions workerThreads(int threads) {
    return copy(to -> to.workerThreads = Bounds.positive("workerThreads", threads));
  }

  /** The file of the certificate chain, if the server speaks TLS. */
  public Optional<Path> tlsCertificate() {
    return Optional.ofNullable(tlsCertificate);
  }

  /** The file of the private key, if the server speaks TLS. */
  public Optional<Path> tlsKey() {
    return Optional.ofNullable(tlsKey);
  }

  /**
   * Speaks TLS (1.2 and 1.3), and over it HTTP/2 with the clients that can.
   *
   * @param certificate a PEM file with the certificate and those that it was signed with, in order
   * @param key a PEM file with the private key, PKCS#8 and unencrypted
   */
  public ServerOptions tls(Path certificate, Path key) {
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(key, "key");
    return copy(
        to -> {
          to.tlsCertificate = certificate;
          to.tlsKey = key;
        });
  }

  private ServerOptions copy(Consumer<ServerOptions> change) {
    try {
      ServerOptions copy = (ServerOptions) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
