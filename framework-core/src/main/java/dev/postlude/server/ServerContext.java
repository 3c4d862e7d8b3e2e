package dev.postlude.server;

import dev.postlude.http.Endpoints;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What all connections of a server share. */
final class ServerContext {
  private static final long ON_THE_WIRE_MILLIS = 100;

  private final Endpoints endpoints;
  private final ServerOptions options;
  private final Dispatcher dispatcher;
  private final Executor workers;
  private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();
  private volatile boolean draining;

  ServerContext(
      Endpoints endpoints, ServerOptions options, Dispatcher dispatcher, Executor workers) {
    this.workers = workers;
    this.endpoints = endpoints;
    this.options = options;
    this.dispatcher = dispatcher;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  ServerOptions options() {
    return options;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Where code that may block runs. */
  Executor workers() {
    return workers;
  }

  Watch watch(EventLoop loop) {
    return watches.computeIfAbsent(loop, Watch::new);
  }

  /** Whether every answer is its connection's last. */
  boolean isDraining() {
    return draining;
  }

  /**
   * From now on connections end as soon as they are idle. Those that are idle already get a moment
   * more, for requests that are on the wire.
   */
  void drain() {
    draining = true;
    watches.forEach(
        (loop, watch) -> loop.schedule(watch::drainAll, ON_THE_WIRE_MILLIS, TimeUnit.MILLISECONDS));
  }
}
