package dev.postlude.background;

import java.util.concurrent.CompletionStage;

/**
 * A task that has been stored and is held back until its response was written. If neither method is
 * ever called, because the process died, the store lets the task run after a while: the client may
 * have read the answer.
 *
 * <p>Exactly one of the two is called, once. Neither may block.
 */
public interface StoredTask {
  /**
   * Lets it run: the response was written, or the client left. Called on a background worker.
   *
   * @return a stage that completes when the store knows; with it the task has succeeded as far as
   *     this process is concerned
   */
  CompletionStage<?> release();

  /**
   * Takes it back: it was skipped, or another response is written instead. Called on any thread.
   */
  void revoke();
}
