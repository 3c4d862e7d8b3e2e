package dev.postlude.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the WebSockets of a route allow. Immutable: what changes it makes a copy.
 *
 * <p>Every limit has a default that is safe on the open internet.
 */
public final class WebSocketOptions {
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final WebSocketOptions DEFAULTS =
      new WebSocketOptions(
          List.of(), 1024 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(5), Set.of(), false);

  private final List<String> subprotocols;
  private final int maxMessage;
  private final Duration pingInterval;
  private final Duration closeTimeout;
  private final Set<String> origins;
  private final boolean anyOrigin;

  private WebSocketOptions(
      List<String> subprotocols,
      int maxMessage,
      Duration pingInterval,
      Duration closeTimeout,
      Set<String> origins,
      boolean anyOrigin) {
    this.subprotocols = subprotocols;
    this.maxMessage = maxMessage;
    this.pingInterval = pingInterval;
    this.closeTimeout = closeTimeout;
    this.origins = origins;
    this.anyOrigin = anyOrigin;
  }

  /**
   * Messages up to 1 MiB, a ping after 30 seconds of silence, pages of the same host only, no
   * sub-protocols.
   */
  public static WebSocketOptions defaults() {
    return DEFAULTS;
  }

  /** The sub-protocols spoken here. */
  public List<String> subprotocols() {
    return subprotocols;
  }

  /**
   * The sub-protocols spoken here, the best first: the first one that the client offers is agreed
   * on. A client that offers others only gets a socket without one, which most clients then close.
   *
   * @throws IllegalArgumentException when a name is no token
   */
  public WebSocketOptions subprotocols(String... names) {
    for (String name : names) {
      Token.require(name, "sub-protocol");
    }
    return new WebSocketOptions(
        List.of(names), maxMessage, pingInterval, closeTimeout, origins, anyOrigin);
  }

  /** The largest message in bytes. */
  public int maxMessage() {
    return maxMessage;
  }

  /**
   * The largest message in bytes (default 1 MiB), be it in one frame or in many; a larger one
   * closes the socket with 1009.
   */
  public WebSocketOptions maxMessage(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxMessage is 1 byte or more, not " + bytes);
    }
    return new WebSocketOptions(
        subprotocols, bytes, pingInterval, closeTimeout, origins, anyOrigin);
  }

  /** How long a client may be silent before it is pinged. */
  public Duration pingInterval() {
    return pingInterval;
  }

  /**
   * How long a client may be silent before it is pinged (default 30 s), and then again how long
   * until its connection is given up; zero for never. Looked at four times a second.
   */
  public WebSocketOptions pingInterval(Duration time) {
    requireLength("pingInterval", time);
    return new WebSocketOptions(subprotocols, maxMessage, time, closeTimeout, origins, anyOrigin);
  }

  private static void requireLength(String what, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + " is zero or longer, not " + time);
    }
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + " is a year at most, not " + time);
    }
  }

  /** How long each side waits for the other's close. */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  /**
   * How long a client may take to answer a close before its connection is ended, and a listener to
   * end its call before its client's close is answered (default 5 s). Looked at four times a
   * second.
   */
  public WebSocketOptions closeTimeout(Duration time) {
    requireLength("closeTimeout", time);
    return new WebSocketOptions(subprotocols, maxMessage, pingInterval, time, origins, anyOrigin);
  }

  /**
   * Lets pages of other sites connect too: {@code origins("https://app.example.com")}. Without this
   * only pages from the host that the request is for may, since a browser sends the user's cookies
   * along whichever page it is that connects (RFC 6455 section 10.2). Clients that are no browsers
   * send no {@code Origin} and are not concerned.
   *
   * @param origins scheme, host and, unless it is the scheme's own, port; no slash at the end
   */
  public WebSocketOptions origins(String... origins) {
    for (String origin : origins) {
      if (!origin.contains("://") || origin.endsWith("/")) {
        throw new IllegalArgumentException(
            "an origin is a scheme and a host, such as https://app.example.com, not "
                + Token.quoted(origin));
      }
    }
    return new WebSocketOptions(
        subprotocols, maxMessage, pingInterval, closeTimeout, Set.copyOf(List.of(origins)), false);
  }

  /** Lets the pages of all sites connect: for sockets that know no user by a cookie. */
  public WebSocketOptions anyOrigin() {
    return new WebSocketOptions(
        subprotocols, maxMessage, pingInterval, closeTimeout, origins, true);
  }

  /** Whether a page of that origin may connect to that host. */
  boolean allows(String origin, String host) {
    int scheme = origin.indexOf("://");
    return anyOrigin
        || (scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host))
        || origins.stream().anyMatch(origin::equalsIgnoreCase);
  }
}
