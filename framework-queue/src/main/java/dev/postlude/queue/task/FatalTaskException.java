package dev.postlude.queue.task;

import org.jspecify.annotations.Nullable;

/**
 * What a handler throws when another attempt would not help: the task is dead at once, whatever its
 * policy says.
 */
public class FatalTaskException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says why. */
  public FatalTaskException(String message) {
    super(message);
  }

  /** Says why, and what was behind it. */
  public FatalTaskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
