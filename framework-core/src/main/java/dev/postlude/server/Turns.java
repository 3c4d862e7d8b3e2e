package dev.postlude.server;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection whose turn has not come, in the order in which they were sent.
 *
 * <pre>
 *   decoded ahead --> waiting --> under way: a batch, one of it is handled at a time
 *                        ^           |
 *                        '-----------'  what was not begun
 *   what may not be decoded ahead --> held, until nothing is waiting nor under way
 * </pre>
 *
 * <p>Used on the connection's event loop.
 */
final class Turns {
  private final int maxWaiting;
  private final ArrayDeque<Incoming> waiting = new ArrayDeque<>(2);
  private @Nullable Batch underWay;
  private @Nullable Runnable held;

  /** Turns of which so many at most wait, in the batch or for the next one. */
  Turns(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /** Whether a request that comes in now comes after others. */
  boolean areTaken() {
    return underWay != null || !waiting.isEmpty();
  }

  /** Whether another request may be decoded ahead. */
  boolean haveRoom() {
    int behind = underWay == null ? 0 : underWay.size() - 1;
    return held == null && behind + waiting.size() < maxWaiting;
  }

  /** Whether something is held. */
  boolean isHolding() {
    return held != null;
  }

  /** Whether somebody comes after the request that is answered now. */
  boolean goOn() {
    return !waiting.isEmpty() || held != null;
  }

  /** Takes on a request that is whole, and leaves the connection as it is. */
  void add(Incoming request) {
    waiting.add(request);
  }

  /** Keeps what can only be done when all others have had their turns. */
  void hold(Runnable action) {
    held = action;
  }

  /** Those whose turn it is, as a batch; {@code null} when there are none, or others are at it. */
  @Nullable Batch next(Batch.Sender sender, ServerContext server) {
    if (underWay != null || waiting.isEmpty()) {
      return null;
    }
    Batch batch = new Batch(sender, server, List.copyOf(waiting));
    waiting.clear();
    underWay = batch;
    return batch;
  }

  /** Notes that the batch has stopped: what was not begun is next. */
  void stopped() {
    if (underWay != null) {
      List<Incoming> rest = underWay.rest();
      for (int i = rest.size() - 1; i >= 0; i--) {
        waiting.addFirst(rest.get(i));
      }
    }
  }

  /** Notes that what the batch was stopped by has been written: the next one may begin. */
  void ended() {
    underWay = null;
  }

  /** What is to be done now that all others have had their turns; {@code null} if nothing is. */
  @Nullable Runnable takeHeld() {
    Runnable action = areTaken() ? null : held;
    if (action != null) {
      held = null;
    }
    return action;
  }

  /** Forgets everybody, for the connection ends. */
  void clear() {
    underWay = null;
    waiting.clear();
    held = null;
  }
}
