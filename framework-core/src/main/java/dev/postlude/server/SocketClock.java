package dev.postlude.server;

import dev.postlude.http.WebSocketOptions;
import io.netty.channel.Channel;

/**
 * When the patience with a WebSocket's client ends. Times are those of {@link System#nanoTime()}.
 * Used on the event loop.
 */
final class SocketClock {
  private final Deadlines deadlines;
  private final Heartbeat heartbeat;
  private final long closeNanos;

  /** What to do about what has not come. */
  enum Due {
    NOTHING,
    PING,
    GIVE_UP,
    TOO_SLOW
  }

  SocketClock(ServerOptions server, WebSocketOptions options, long now) {
    this.deadlines = new Deadlines(server);
    this.heartbeat = new Heartbeat(options.pingInterval().toNanos(), now);
    this.closeNanos = options.closeTimeout().toNanos();
    deadlines.opened(now);
  }

  void heard(long now, int bytes) {
    heartbeat.heard(now);
    deadlines.bodyGoesOn(now, bytes);
  }

  /** The client was told to hang up. */
  void closingBegins(long now) {
    deadlines.closingBegins(now);
  }

  /** Whether a client that was told to hang up has not. */
  boolean hangUpTooLate(long now) {
    return deadlines.closingTooLate(now);
  }

  /** Whether a close has waited for the other side's for too long. */
  boolean closeTooLate(long now, Farewell farewell) {
    return farewell.age(now) > closeNanos;
  }

  boolean writeStalled(long now, Channel channel) {
    return deadlines.writeStalled(now, channel);
  }

  /**
   * Looks at what the client says.
   *
   * @param holdingBack whether it is the listener that takes its time
   * @param partial whether a message has begun and not ended
   */
  Due input(long now, boolean holdingBack, boolean partial) {
    if (holdingBack) {
      heartbeat.heard(now);
    }
    if (holdingBack || !partial) {
      deadlines.bodyBegins(now);
    } else if (deadlines.bodyTooLate(now)) {
      return Due.TOO_SLOW;
    }
    return switch (heartbeat.next(now)) {
      case NOTHING -> Due.NOTHING;
      case PING -> Due.PING;
      case GIVE_UP -> Due.GIVE_UP;
    };
  }
}
