package dev.postlude.routing;

import dev.postlude.http.Endpoint;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A route being written down: {@code routes.get("/health", handler).onEventLoop()}. Once the app is
 * made it refuses more.
 */
public final class Route {
  private static final long MAX_IN_MEMORY = Integer.MAX_VALUE - 16;

  private final Runnable requireOpen;
  private final Method method;
  private final PathPattern pattern;
  private final Handler handler;
  private final String place;
  private final List<Filter> filters = new ArrayList<>(0);
  private boolean onEventLoop;
  private boolean streaming;
  private @Nullable String name;
  private long maxBody = Endpoint.SERVER_LIMIT;

  Route(Runnable requireOpen, Method method, PathPattern pattern, Handler handler, String place) {
    this.requireOpen = requireOpen;
    this.method = method;
    this.pattern = pattern;
    this.handler = handler;
    this.place = place;
  }

  /**
   * Calls the handler, and the filters around it, on the event loop instead of on a worker: cheaper
   * by a thread hop, and only for code that never blocks, since every connection of that loop waits
   * for it.
   */
  public Route onEventLoop() {
    requireOpen.run();
    onEventLoop = true;
    return this;
  }

  /**
   * Calls the handler as soon as the head is there; it reads the body from {@code request.stream()}
   * while that comes in. A slow reader holds the client back, so that a body of any size takes no
   * more memory than a small one. Say {@link #maxBody} with it.
   */
  public Route streaming() {
    requireOpen.run();
    streaming = true;
    return this;
  }

  /**
   * Sets the largest request body for this route in bytes, instead of the server's limit. A larger
   * one is answered with 413.
   *
   * @param bytes from 0 to 2 GiB; a streaming route may say more
   */
  public Route maxBody(long bytes) {
    requireOpen.run();
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBody is 0 bytes or more, not " + bytes);
    }
    maxBody = bytes;
    return this;
  }

  /** Names the route, for {@link Urls}. */
  public Route named(String name) {
    requireOpen.run();
    Objects.requireNonNull(name, "name");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a route's name may not be blank; leave it out");
    }
    this.name = name;
    return this;
  }

  /** Adds a filter around this route alone, inside those of its group. */
  public Route filter(Filter filter) {
    requireOpen.run();
    filters.add(Objects.requireNonNull(filter, "filter"));
    return this;
  }

  Method method() {
    return method;
  }

  PathPattern pattern() {
    return pattern;
  }

  @Nullable String name() {
    return name;
  }

  /** Where in the program it was written. */
  String place() {
    return place;
  }

  /**
   * What the router finds.
   *
   * @param taskStatuses where its accepted work may be told of, the nearest first
   */
  Endpoint endpoint(Scope scope, List<TaskStatusResource> taskStatuses) {
    if (onEventLoop && streaming) {
      throw new IllegalArgumentException(
          this
              + ": reading a body while it comes in blocks, which nothing may on the event loop; drop onEventLoop()");
    }
    if (!streaming && maxBody > MAX_IN_MEMORY) {
      throw new IllegalArgumentException(
          this
              + ": a body in memory has 2 GiB at most, not "
              + maxBody
              + " bytes; read a larger one with streaming()");
    }
    Handler locating = handler;
    for (TaskStatusResource each : taskStatuses) {
      locating = each.locating(locating);
    }
    return new Endpoint(
        pattern.toString(), scope.around(locating, filters), onEventLoop, streaming, maxBody);
  }

  @Override
  public String toString() {
    return method + " " + pattern + " (" + place + ")";
  }
}
