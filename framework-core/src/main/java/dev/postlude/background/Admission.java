package dev.postlude.background;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The places that a response's tasks have taken, to be followed by word of what became of the
 * response.
 *
 * <p>Whoever holds one owes exactly one of {@link #release} and {@link #cancel}; the first call
 * counts, any other is ignored. Both may be called from any thread, event loops included, and do
 * not block.
 */
public final class Admission {
  private final Walk walk;
  private final @Nullable CompletionStage<?> storing;

  Admission(Walk walk, @Nullable CompletionStage<?> storing) {
    this.walk = walk;
    this.storing = storing;
  }

  /**
   * Returns what the response has to wait for: a stage that completes when all tasks are safe that
   * are to be stored, on whatever thread, or fails when one cannot be, and the response must not be
   * written. Null if there is nothing to wait for.
   */
  public @Nullable CompletionStage<?> storing() {
    return storing;
  }

  /**
   * Lets the finish hooks and the tasks run: the last write has completed, successfully or not.
   * Hands over to a worker, and runs nobody's code on the calling thread.
   *
   * @param outcome what became of the response
   * @param status its status; 0 when none was begun
   * @param bytesWritten how many bytes of its body were written
   * @throws IllegalArgumentException if the outcome is {@link Outcome#PENDING}
   */
  public void release(Outcome outcome, int status, long bytesWritten) {
    written(outcome, status, bytesWritten).run();
  }

  /**
   * Does the first half of {@link #release}: notes that the last write has completed just now.
   * Cheap; the other half is returned, to be run once, by {@link BackgroundRunner#begin} say.
   *
   * @throws IllegalArgumentException if the outcome is {@link Outcome#PENDING}
   */
  public Runnable written(Outcome outcome, int status, long bytesWritten) {
    Objects.requireNonNull(outcome, "release() needs the outcome of the response.");
    if (outcome == Outcome.PENDING) {
      throw new IllegalArgumentException(
          "release() comes when the outcome is known: SENT, DISCONNECTED or FAILED, not PENDING.");
    }
    return walk.release(outcome, status, bytesWritten);
  }

  /**
   * Gives the places back, because another response is written in place of this one. All tasks are
   * reported as skipped, to listeners on the calling thread; the finish hooks stay with the
   * request.
   *
   * @param reason is told to the listeners
   */
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "cancel() needs a reason, which listeners are told.");
    walk.cancel(reason);
  }
}
