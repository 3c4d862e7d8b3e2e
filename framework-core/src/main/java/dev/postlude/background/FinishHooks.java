package dev.postlude.background;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The finish hooks of one request. Any thread may add to them until the request is over. */
public final class FinishHooks {
  private @Nullable List<FinishHook> hooks;
  private @Nullable List<Runnable> last;
  private boolean sealed;

  /** Makes the empty list of hooks that a request begins with. */
  public FinishHooks() {}

  /**
   * Adds a hook, to be run before those that were added earlier.
   *
   * @throws IllegalStateException if the request is over, and its hooks are running or have run
   */
  public synchronized void add(FinishHook hook) {
    Objects.requireNonNull(hook, "A finish hook may not be null.");
    if (sealed) {
      throw new IllegalStateException(
          "The request is over and its finish hooks have been started; add hooks before the"
              + " response is written.");
    }
    if (hooks == null) {
      hooks = new ArrayList<>(2);
    }
    hooks.add(hook);
  }

  /**
   * Adds what is done when the request's tasks have ended as well, retries included, or have been
   * abandoned: letting go of what they may use, such as temporary files. Runs once, on a background
   * worker, and should be short; what it throws is logged.
   *
   * @throws IllegalStateException if the request is over
   */
  public synchronized void addLast(Runnable action) {
    Objects.requireNonNull(action, "What is done last may not be null.");
    if (sealed) {
      throw new IllegalStateException(
          "The request is over: what is done last is added before the response is written.");
    }
    if (last == null) {
      last = new ArrayList<>(1);
    }
    last.add(action);
  }

  /** Tells whether there is no hook to be run. */
  public synchronized boolean isEmpty() {
    return hooks == null;
  }

  /**
   * Closes the list if it is empty, so that a request without hooks needs no admission and yet
   * refuses a hook that comes too late to run.
   *
   * @return whether it was empty
   */
  public synchronized boolean sealIfEmpty() {
    boolean empty = hooks == null && last == null;
    sealed |= empty;
    return empty;
  }

  /** Closes the list and hands its hooks over, last added first. Whoever asks again gets none. */
  synchronized List<FinishHook> take() {
    sealed = true;
    if (hooks == null) {
      return List.of();
    }
    List<FinishHook> taken = hooks;
    hooks = null;
    Collections.reverse(taken);
    return taken;
  }

  /** Hands over what is to be done last. Whoever asks again gets nothing. */
  synchronized List<Runnable> takeLast() {
    sealed = true;
    List<Runnable> taken = last == null ? List.of() : last;
    last = null;
    return taken;
  }
}
