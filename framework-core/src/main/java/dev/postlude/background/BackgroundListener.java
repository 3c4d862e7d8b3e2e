package dev.postlude.background;

import java.time.Duration;

/**
 * What is told of each background task on its way: for metrics, traces and status pages.
 *
 * <p>Every single task counts for itself, also inside a chain. A task is told of as {@code queued}
 * and then as exactly one of {@code succeeded}, {@code failed}, {@code skipped} and {@code
 * abandoned}; or only as {@code rejected}. When a runner is shut down at that very moment {@code
 * rejected} may follow {@code queued}. When a listener is told, {@code stats()} has it already.
 *
 * <p>Calls for one task come in order and one at a time, with two exceptions: {@code progressed}
 * comes on whatever thread the task calls from, and {@code abandoned} may come while a worker is in
 * another call.
 *
 * <p>{@code queued}, {@code rejected}, and {@code skipped} for a response that was replaced, are
 * called on the thread that writes the response, which may be an event loop: do not block there.
 * {@code abandoned} is called on the thread that shuts down, everything else on a background
 * worker. What a listener throws is logged and changes nothing.
 */
public interface BackgroundListener {

  /** The task has its place; the response is not written yet. */
  default void queued(TaskContext task) {}

  /** An attempt starts. */
  default void started(TaskContext task) {}

  /** The task ended well. */
  default void succeeded(TaskContext task) {}

  /** The task failed for good: no further attempt is made. */
  default void failed(TaskContext task, Throwable error) {}

  /** An attempt failed; the next starts after the wait. */
  default void retried(TaskContext task, Throwable error, Duration wait) {}

  /**
   * An attempt ran into its timeout. It is followed by {@code retried} or {@code failed} when it
   * has really ended.
   */
  default void timedOut(TaskContext task, Duration timeout) {}

  /** There was no place for the task: it will not run. */
  default void rejected(TaskContext task) {}

  /** The task does not run, for the reason given. */
  default void skipped(TaskContext task, String reason) {}

  /** The shutdown's deadline passed before the task had ended. */
  default void abandoned(TaskContext task) {}

  /**
   * Something of the request is at work: its hooks and tasks have their places and wait for the
   * response to be written, or a delay or a retry is due after {@link #idle}. Called on the thread
   * that writes the response, and later on the timer's: do not block.
   */
  default void busy(Exchange exchange) {}

  /**
   * Nothing of the request is at work any more: its hooks and tasks have ended, or those that are
   * left wait for a delay or a retry. Called once for each {@link #busy}, on any thread: do not
   * block. The two may overtake each other, so count them; after a shutdown that cut tasks off this
   * one may never come.
   */
  default void idle(Exchange exchange) {}

  /** The task told how far it is. */
  default void progressed(TaskContext task, long done, long total, String message) {}
}
