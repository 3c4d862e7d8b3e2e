package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** When a connection's patience ends. Times are those of {@link System#nanoTime()}. */
final class Deadlines {
  private final ServerOptions options;
  private boolean first = true;
  private long since;
  private long headSince;
  private boolean headBegun;
  private long lastBytes;
  private long bodyBytes;
  private long pendingWrite;
  private long writeProgress;
  private long writeSince;
  private long held;
  private long heldSince;

  Deadlines(ServerOptions options) {
    this.options = options;
  }

  void opened(long now) {
    since = now;
    writeSince = now;
  }

  void idleBegins(long now) {
    first = false;
    since = now;
    headBegun = false;
  }

  void bodyBegins(long now) {
    since = now;
    lastBytes = now;
    bodyBytes = 0;
    headBegun = false;
  }

  void bodyGoesOn(long now, int bytes) {
    lastBytes = now;
    bodyBytes += bytes;
  }

  void closingBegins(long now) {
    since = now;
  }

  /** Counts the client's silence from now. */
  void silenceBegins(long now) {
    since = now;
    headSince = now;
  }

  /** The head's time runs from its first byte, or rather from the first look after it. */
  boolean headTooLate(long now, boolean begun) {
    if (begun && !headBegun) {
      headBegun = true;
      headSince = first ? since : now;
    }
    if (headBegun) {
      return now - headSince > options.headTimeout().toNanos();
    }
    long patience = first ? options.headTimeout().toNanos() : options.idleTimeout().toNanos();
    return now - since > patience;
  }

  boolean bodyTooLate(long now) {
    long stall = options.bodyTimeout().toNanos();
    if (now - lastBytes > stall) {
      return true;
    }
    double seconds = (now - since) / 1e9;
    return now - since > stall && bodyBytes < options.minBodyRate() * seconds;
  }

  boolean closingTooLate(long now) {
    return now - since > options.http1().lingerTimeout().toNanos();
  }

  /** Whether there are bytes to write. */
  static boolean isWriting(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && buffer.totalPendingWriteBytes() > 0;
  }

  /** Whether there are bytes to write and the socket has taken none of them for too long. */
  boolean writeStalled(long now, Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    long progress = buffer == null ? 0 : buffer.currentProgress();
    if (pending == 0 || pending != pendingWrite || progress != writeProgress) {
      pendingWrite = pending;
      writeProgress = progress;
      writeSince = now;
      return false;
    }
    return now - writeSince > options.writeTimeout().toNanos();
  }

  /**
   * Whether answers wait for the client's windows and it has given none of them room for too long:
   * RFC 9113 section 6.9.
   *
   * @param waiting what they look like, which room for any of them changes; 0 when none waits
   */
  boolean windowStalled(long now, long waiting) {
    if (waiting == 0 || waiting != held) {
      held = waiting;
      heldSince = now;
      return false;
    }
    return now - heldSince > options.writeTimeout().toNanos();
  }
}
