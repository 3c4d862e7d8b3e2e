package dev.postlude.queue.task;

/**
 * What is done for each task of a type that has no result, {@code (mail, run) -> smtp.send(mail)}:
 * what it may return all the same is dropped. Runs on a worker of the queue and may block, at least
 * once for each task, as {@link TaskHandler} says.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface TaskAction<T> {
  /**
   * Does it.
   *
   * @throws FatalTaskException when another attempt would not help
   * @throws Exception when the attempt failed
   */
  void run(T payload, TaskRun run) throws Exception;
}
