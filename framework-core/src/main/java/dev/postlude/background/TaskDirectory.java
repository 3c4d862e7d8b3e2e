package dev.postlude.background;

import java.util.Optional;

/**
 * Where it is known how far tasks are that clients may ask for: a {@link TaskLog} for those in this
 * process, or a queue for those that it has stored.
 *
 * <p>Thread-safe.
 */
public interface TaskDirectory {
  /**
   * What is known under an id; nothing when it is unknown or has been forgotten. Called on a worker
   * and may block.
   *
   * @throws Exception when it cannot be found out; the client is answered as for a handler's
   *     exception
   */
  Optional<TaskStatus> find(String id) throws Exception;
}
