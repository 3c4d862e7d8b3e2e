package dev.postlude.server;

/**
 * Whether the other side of a WebSocket is still there: asked by a ping after a silence. Times are
 * those of {@link System#nanoTime()}.
 */
final class Heartbeat {
  private final long interval;
  private long heard;
  private boolean asked;
  private long askedAt;

  /** What to do about a silence. */
  enum Beat {
    NOTHING,
    PING,
    GIVE_UP
  }

  /**
   * A heart that beats.
   *
   * @param interval how long a silence may be, in nanoseconds; 0 for ever
   */
  Heartbeat(long interval, long now) {
    this.interval = interval;
    this.heard = now;
  }

  /** Something has come in, or would have if we had read. */
  void heard(long now) {
    heard = now;
    asked = false;
  }

  Beat next(long now) {
    if (interval == 0 || now - (asked ? askedAt : heard) <= interval) {
      return Beat.NOTHING;
    }
    if (asked) {
      return Beat.GIVE_UP;
    }
    asked = true;
    askedAt = now;
    return Beat.PING;
  }
}
