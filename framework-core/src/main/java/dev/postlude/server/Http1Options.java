package dev.postlude.server;

import java.time.Duration;

/**
 * What an HTTP/1.1 connection allows its client, besides what holds for every protocol. Immutable:
 * what changes it makes a copy.
 *
 * @param maxPipelined how many requests of one connection may have been parsed while one before
 *     them is handled; further ones stay bytes, and the client is held back
 * @param lingerTimeout how long a client that was refused is read on, so that it sees the answer
 *     instead of a reset; a WebSocket or an HTTP/2 connection with an error has as long to be ended
 *     by its client
 * @param maxLinger how many bytes are read and dropped in that time; they cost no memory. What is
 *     beyond stays unread
 */
public record Http1Options(int maxPipelined, Duration lingerTimeout, long maxLinger) {
  private static final Http1Options DEFAULTS =
      new Http1Options(32, Duration.ofSeconds(1), 16 * 1024 * 1024);

  /**
   * Options.
   *
   * @throws IllegalArgumentException when a value is out of bounds
   */
  public Http1Options {
    Bounds.positive("maxPipelined", maxPipelined);
    Bounds.notNegative("lingerTimeout", lingerTimeout);
    Bounds.notNegative("maxLinger", maxLinger);
  }

  /** 32 requests that wait; a refused client is read on for a second, and 16 MiB. */
  public static Http1Options defaults() {
    return DEFAULTS;
  }

  /** A copy that lets so many requests wait, 1 or more. */
  public Http1Options maxPipelined(int requests) {
    return new Http1Options(requests, lingerTimeout, maxLinger);
  }

  /** A copy that reads on for so long, or not at all. */
  public Http1Options lingerTimeout(Duration time) {
    return new Http1Options(maxPipelined, time, maxLinger);
  }

  /** A copy that reads on for so many bytes, and then waits for the rest of the time. */
  public Http1Options maxLinger(long bytes) {
    return new Http1Options(maxPipelined, lingerTimeout, bytes);
  }
}
