package dev.postlude.http;

import dev.postlude.background.FinishHook;
import dev.postlude.background.FinishHooks;
import dev.postlude.context.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * What a request leaves behind on its way through filters and handler, for whoever writes the
 * response: the hooks to call when it is over and the attributes that were set last. One per
 * request, shared by all its copies; applications have no business with it.
 *
 * <p>Thread-safe.
 */
public final class Trail {
  private @Nullable FinishHooks hooks;
  private volatile Attributes attributes = Attributes.empty();
  private volatile @Nullable String id;
  private boolean ended;

  /** The trail of a request that has gone nowhere yet. */
  public Trail() {}

  /** Ends the time for registering hooks: those that there are, or {@code null} for none. */
  public synchronized @Nullable FinishHooks end() {
    ended = true;
    return hooks;
  }

  /** The attributes of the copy of the request that was made last. */
  public Attributes attributes() {
    return attributes;
  }

  /** The request's name, made when it is first asked for: most requests never need one. */
  String id(Headers headers) {
    String present = id;
    if (present == null) {
      synchronized (this) {
        present = id;
        if (present == null) {
          present = RequestId.of(headers);
          id = present;
        }
      }
    }
    return present;
  }

  synchronized void add(FinishHook hook) {
    if (ended) {
      throw new IllegalStateException(
          "the response has been handed over: register onFinish before the handler returns");
    }
    FinishHooks present = hooks;
    if (present == null) {
      present = new FinishHooks();
      hooks = present;
    }
    present.add(hook);
  }

  /**
   * Has something done when the tasks have ended too; does nothing where the request is over
   * already.
   */
  synchronized void addLast(Runnable action) {
    if (ended) {
      return;
    }
    FinishHooks present = hooks;
    if (present == null) {
      present = new FinishHooks();
      hooks = present;
    }
    present.addLast(action);
  }

  void attributes(Attributes latest) {
    attributes = latest;
  }
}
