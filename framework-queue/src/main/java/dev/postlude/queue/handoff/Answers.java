package dev.postlude.queue.handoff;

/**
 * Where the queue is told how far a task is by a system that says so by itself. Safe for any
 * thread.
 */
@FunctionalInterface
public interface Answers {
  /**
   * Takes an answer down, and returns when it is stored. Blocks. What is said of a task that is
   * unknown or has come to its end is dropped, and so is what is said of another attempt than the
   * latest, unless that other one went well.
   *
   * @param id the {@link Envelope#id} of the task
   * @param attempt the {@link Envelope#attempt} that it is said of; 0 when that is not known, which
   *     stands for the latest
   * @return false when it is too early, since {@link HandOff#publish} is still on its way: to be
   *     offered again in a moment
   * @throws Exception when it could not be stored; to be offered again
   */
  boolean take(String id, int attempt, ForeignStatus said) throws Exception;
}
