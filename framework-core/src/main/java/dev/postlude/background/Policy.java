package dev.postlude.background;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What was said of a single task, besides what it does. */
record Policy(
    String name,
    TaskGroup group,
    RunWhen when,
    Retry retry,
    @Nullable Duration timeout,
    @Nullable ErrorAction onError) {

  /** That of a task of which nothing was said. */
  static final Policy PLAIN =
      new Policy("task", TaskGroup.DEFAULT, RunWhen.ALWAYS, Retry.never(), null, null);

  Policy named(String other) {
    return new Policy(other, group, when, retry, timeout, onError);
  }

  Policy group(TaskGroup other) {
    return new Policy(name, other, when, retry, timeout, onError);
  }

  Policy when(RunWhen other) {
    return new Policy(name, group, other, retry, timeout, onError);
  }

  Policy retry(Retry other) {
    return new Policy(name, group, when, other, timeout, onError);
  }

  Policy timeout(Duration other) {
    return new Policy(name, group, when, retry, other, onError);
  }

  Policy onError(ErrorAction other) {
    return new Policy(name, group, when, retry, timeout, other);
  }
}
