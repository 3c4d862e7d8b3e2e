package dev.postlude.background;

import java.util.List;

/** The finish hooks of one request, while they are run. */
final class HookRun {
  private final List<FinishHook> hooks;
  private final Interruptible code = new Interruptible();
  private volatile boolean over;

  HookRun(List<FinishHook> hooks) {
    this.hooks = hooks;
  }

  /** Runs them one after the other on the current thread. */
  void run(Exchange exchange, Reporter reporter) {
    for (FinishHook hook : hooks) {
      if (!code.enter()) {
        return;
      }
      Throwable failure = null;
      try {
        hook.finished(exchange);
      } catch (Throwable error) {
        failure = error;
      } finally {
        code.leave();
      }
      if (failure != null) {
        reporter.hookFailed(exchange, failure);
      }
    }
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** Returns the part in which a thread can be interrupted. */
  Interruptible code() {
    return code;
  }
}
