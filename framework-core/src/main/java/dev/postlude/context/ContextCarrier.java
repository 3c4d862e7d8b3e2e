package dev.postlude.context;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What takes one kind of context (a logging context, a trace, a thread-local) from the thread that
 * attaches a background task to the thread that runs it.
 *
 * <p>{@link #capture} is called on the thread that attaches the task, often a handler's; {@link
 * Snapshot#restore} on the worker before every attempt, and {@link Scope#close} on the same worker
 * after it. None of them should block. A carrier that throws is logged and left out; the task runs
 * without it.
 */
public interface ContextCarrier {

  /** Takes a picture of the context of the current thread. */
  Snapshot capture();

  /**
   * A picture of a context.
   *
   * <p>It may be restored many times, by several threads at once: a task may be tried again, and
   * the tasks of one {@code parallel} share a picture.
   */
  @FunctionalInterface
  interface Snapshot {

    /** Makes the picture the context of the current thread, until the scope is closed. */
    Scope restore();
  }

  /** Where a restored context holds; closed on the thread that opened it, innermost first. */
  @FunctionalInterface
  interface Scope extends AutoCloseable {

    /** Puts the thread's own context back as it was. */
    @Override
    void close();
  }

  /**
   * Returns a carrier for a thread-local of your own. A thread on which it was not set is put back
   * to that.
   */
  static <T extends @Nullable Object> ContextCarrier ofThreadLocal(ThreadLocal<T> local) {
    Objects.requireNonNull(local, "ofThreadLocal() needs a thread-local.");
    return () -> {
      T captured = local.get();
      return () -> {
        T before = local.get();
        set(local, captured);
        return () -> set(local, before);
      };
    };
  }

  private static <T extends @Nullable Object> void set(ThreadLocal<T> local, T value) {
    if (value == null) {
      local.remove(); // an entry that holds null would stay in the thread's map for good
    } else {
      local.set(value);
    }
  }
}
