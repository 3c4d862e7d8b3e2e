package dev.postlude.server;

import io.netty.channel.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop, looked at four times a second for deadlines that have passed:
 * one timer a loop instead of one a request. Used on its event loop only.
 */
final class Watch {
  private static final Logger LOG = System.getLogger("dev.postlude.server");
  private static final long PERIOD_MILLIS = 250;
  private static final long ON_THE_WIRE_MILLIS = 100;

  private final EventLoop loop;
  private final Set<Watched> connections = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> timer;
  private long lastLook;
  private boolean draining;
  private boolean idleEnds;

  Watch(EventLoop loop) {
    this.loop = loop;
  }

  /** A connection with deadlines. */
  interface Watched {
    /** Closes the connection if it is too late; may leave the watch. */
    void check(long nowNanos);

    /** Tells the client, where there is a way, that the end is near. */
    default void announceEnd() {}

    /** Ends the connection as soon as it is idle. */
    void drain();
  }

  void add(Watched connection) {
    connections.add(connection);
    if (timer == null) {
      look();
      timer =
          loop.scheduleAtFixedRate(
              this::checkAll, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  void remove(Watched connection) {
    connections.remove(connection);
    ScheduledFuture<?> running = timer;
    if (connections.isEmpty() && running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  /**
   * Ends connections that are idle, in a moment: requests may be on the wire, or read by the kernel
   * only. A proxy cannot send those again of which it does not know that they may come twice.
   */
  void drain() {
    if (!draining) {
      draining = true;
      each(Watched::announceEnd);
      loop.schedule(this::drainAll, ON_THE_WIRE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void drainAll() {
    idleEnds = true;
    each(Watched::drain);
  }

  /** Whether a connection that is idle is to be ended now. */
  boolean endsIdle() {
    return idleEnds;
  }

  /**
   * The {@link System#nanoTime()} of the next look: a time to count from that costs nothing to
   * know. A deadline counted from it passes a period late at most, and not too early.
   */
  long soon() {
    return lastLook + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
  }

  private long look() {
    lastLook = System.nanoTime();
    HttpDate.refresh();
    return lastLook;
  }

  private void checkAll() {
    long now = look();
    each(connection -> connection.check(now));
  }

  /** Whatever goes wrong with one of them: the others have deadlines too. */
  private void each(Consumer<Watched> action) {
    for (Watched connection : new ArrayList<>(connections)) {
      try {
        action.accept(connection);
      } catch (Throwable failure) {
        LOG.log(Level.ERROR, "a connection could not be looked at", failure);
      }
    }
  }
}
