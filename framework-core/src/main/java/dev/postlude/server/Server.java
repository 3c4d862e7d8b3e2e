package dev.postlude.server;

import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundRunner;
import dev.postlude.background.ShutdownReport;
import dev.postlude.concurrent.Signals;
import dev.postlude.concurrent.Threads;
import dev.postlude.concurrent.Workers;
import dev.postlude.http.Endpoints;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running server: it listens from the moment it exists until it is closed.
 *
 * <p>Thread-safe.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private final ServerOptions options;
  private final ServerContext context;
  private final ConnectionLimit connections;
  private final EventLoopGroup loops;
  private final Workers workers;
  private final BackgroundRunner runner;
  private final Channel listening;
  private final Runnable stopper = this::shutdown;
  private @Nullable ShutdownReport report;

  private Server(Endpoints endpoints, ServerOptions options, BackgroundOptions background) {
    SslContext tls = Tls.context(options);
    this.options = options;
    this.runner = new BackgroundRunner(background);
    this.workers = Threads.workers("postlude-handler", options.workerThreads());
    this.context = new ServerContext(endpoints, options, runner, workers);
    this.connections = new ConnectionLimit(options.maxConnections());
    Transport transport = Transport.best();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            options.eventLoops(),
            new DefaultThreadFactory("postlude-loop"),
            transport.ioHandlers());
    startServices();
    this.listening = listen(transport, tls);
    if (options.stopOnSignal()) {
      Signals.register(stopper);
    }
    LOG.log(
        Level.INFO,
        () -> "listening on " + options.host() + ":" + port() + " (" + transport.name() + ")");
  }

  /**
   * Starts a server.
   *
   * @throws PortUnavailableException when it cannot listen where it was told to
   * @throws IllegalStateException when a service beside the app cannot start
   */
  public static Server start(
      Endpoints endpoints, ServerOptions options, BackgroundOptions background) {
    return new Server(endpoints, options, background);
  }

  private void startServices() {
    try {
      runner.start();
    } catch (RuntimeException e) {
      stopThreads();
      throw e;
    }
  }

  private Channel listen(Transport transport, @Nullable SslContext tls) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, ConnectionLimit.BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.RECVBUF_ALLOCATOR, ConnectionLimit.accepting())
            .handler(connections)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, ArrayRegion.estimator())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR, new ReceiveBuffers().maxMessagesPerRead(1))
            .childHandler(new Pipeline(context, tls))
            .bind(options.host(), options.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stopThreads();
      throw PortUnavailableException.of(options.host(), options.port(), bound.cause());
    }
    return bound.channel();
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /**
   * Where it is to be found from this machine: {@code http://127.0.0.1:8080}, say; {@code
   * localhost} where it listens on all interfaces.
   */
  public URI uri() {
    String scheme = options.tlsCertificate().isPresent() ? "https" : "http";
    String host = options.host();
    boolean all = host.equals("0.0.0.0") || host.equals("::");
    String name = all ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create(scheme + "://" + name + ":" + port());
  }

  /** Where background tasks run: its statistics and its pause button. */
  public BackgroundRunner background() {
    return runner;
  }

  /** Stops gracefully, as {@link #shutdown()} does. */
  @Override
  public void close() {
    shutdown();
  }

  /**
   * Stops gracefully: no new connections, then the requests in flight, then the background tasks,
   * each up to its deadline. Blocks that long at most; do not call it from a handler. A second call
   * returns the first one's report.
   *
   * @return which tasks were interrupted or never started
   */
  public synchronized ShutdownReport shutdown() {
    ShutdownReport present = report;
    if (present != null) {
      return present;
    }
    long begun = System.nanoTime();
    Signals.forget(stopper);
    connections.stopListening(listening).awaitUninterruptibly();
    context.drain();
    long end = begun + options.requestDrain().toNanos();
    try {
      if (!connections.awaitNone(options.requestDrain().toNanos())) {
        LOG.log(
            Level.WARNING,
            () -> "requests were still in flight after " + options.requestDrain() + ": cut off");
        connections.cutOff();
      }
      // Handlers whose client has left, and WebSocket listeners that are told so, may still run.
      workers.shutdown();
      workers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.shutdown();
    ShutdownReport made = runner.shutdown(options.taskDrain());
    stopThreads();
    LOG.log(Level.INFO, () -> "stopped, after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    report = made;
    return made;
  }

  private void stopThreads() {
    workers.shutdownNow();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    runner.close();
  }
}
