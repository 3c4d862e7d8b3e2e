package dev.postlude.queue.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is done for each task of a type that has a result, as {@code TaskQueue.defineWithResult}
 * takes it. Runs on a worker of the queue and may block. Where there is no result it is a {@link
 * TaskAction}.
 *
 * <p>At least once: after a crash, a power cut or a lost database it is called again for the same
 * task, with the same {@link TaskRun#id}. What must not happen twice is done under that id.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface TaskHandler<T> {
  /**
   * Does it.
   *
   * @return the result, which is kept as JSON of at most 64 KB; null when there is none
   * @throws FatalTaskException when another attempt would not help
   * @throws Exception when the attempt failed
   */
  @Nullable Object handle(T payload, TaskRun run) throws Exception;

  /** Returns a handler that does this and has no result. */
  static <T> TaskHandler<T> of(TaskAction<T> action) {
    Objects.requireNonNull(action, "action");
    return (payload, run) -> {
      action.run(payload, run);
      return null;
    };
  }
}
