package dev.postlude.background;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was said of a single task, besides what it does; refuses what cannot be meant. */
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
    Objects.requireNonNull(other, "A task's name may not be null; leave it out.");
    if (other.isBlank()) {
      throw new IllegalArgumentException("A task's name may not be blank; leave it out.");
    }
    return new Policy(other, group, when, retry, timeout, onError);
  }

  Policy group(TaskGroup other) {
    Objects.requireNonNull(other, "group() needs a group; for the usual say TaskGroup.DEFAULT.");
    return new Policy(name, other, when, retry, timeout, onError);
  }

  Policy when(RunWhen other) {
    Objects.requireNonNull(other, "when() takes ALWAYS, SENT or NOT_SENT.");
    return new Policy(name, group, other, retry, timeout, onError);
  }

  Policy retry(Retry other) {
    Objects.requireNonNull(other, "retry() needs a policy; for none say Retry.never().");
    return new Policy(name, group, when, other, timeout, onError);
  }

  Policy timeout(Duration other) {
    Objects.requireNonNull(other, "timeout() needs a duration; for none leave it out.");
    if (other.isZero() || other.isNegative()) {
      throw new IllegalArgumentException("A timeout must be more than zero: " + other);
    }
    return new Policy(name, group, when, retry, other, onError);
  }

  Policy onError(ErrorAction other) {
    Objects.requireNonNull(other, "onError() needs something to do.");
    return new Policy(name, group, when, retry, timeout, other);
  }
}
