package dev.postlude.server;

import dev.postlude.background.BackgroundRunner;
import dev.postlude.concurrent.Workers;
import dev.postlude.http.Endpoints;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What all connections of a server share. */
final class ServerContext {
  private final Endpoints endpoints;
  private final ServerOptions options;
  private final Dispatcher dispatcher;
  private final BackgroundRunner runner;
  private final Workers workers;
  private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();
  private final Map<EventLoop, Departures> departures = new ConcurrentHashMap<>();
  private final Map<EventLoop, Releases> releases = new ConcurrentHashMap<>();
  private volatile boolean draining;

  ServerContext(
      Endpoints endpoints, ServerOptions options, BackgroundRunner runner, Workers workers) {
    this.endpoints = endpoints;
    this.options = options;
    this.dispatcher = new Dispatcher(runner);
    this.runner = runner;
    this.workers = workers;
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
  Workers workers() {
    return workers;
  }

  Watch watch(EventLoop loop) {
    Watch own = watches.computeIfAbsent(loop, Watch::new);
    if (draining) {
      own.drain(); // which may not have been there yet
    }
    return own;
  }

  Departures departures(EventLoop loop) {
    return departures.computeIfAbsent(loop, own -> new Departures(own, workers));
  }

  Releases releases(EventLoop loop) {
    return releases.computeIfAbsent(loop, own -> new Releases(own, runner::begin));
  }

  /** Whether every answer is its connection's last. */
  boolean isDraining() {
    return draining;
  }

  /** From now on every answer is its connection's last, and connections end when they are idle. */
  void drain() {
    draining = true;
    watches.forEach((loop, watch) -> loop.execute(watch::drain));
  }
}
