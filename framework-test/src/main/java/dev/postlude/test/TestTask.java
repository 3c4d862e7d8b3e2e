package dev.postlude.test;

import java.util.Optional;

/**
 * What became of one background task of a call, as far as it is known.
 *
 * @param name the task's name
 * @param outcome how far it came
 * @param attempts how many attempts were begun
 * @param error what it failed with, for good or before the attempt that it now waits for
 * @param reason why it was skipped; empty if it was not
 */
public record TestTask(
    String name, Outcome outcome, int attempts, Optional<Throwable> error, String reason) {

  /** How far a task came. */
  public enum Outcome {
    /** It has its place and has not started: it waits for its turn, for a delay, or is held. */
    QUEUED(false),
    /** An attempt is being made. */
    RUNNING(false),
    /** An attempt failed, and another one is to come. */
    RETRYING(false),
    /** It ended well, at whichever attempt. */
    SUCCEEDED(true),
    /** It failed for good. */
    FAILED(true),
    /** It did not run: it asked for another outcome, or one before it in its chain failed. */
    SKIPPED(true),
    /** It did not run: there was no place for it in its group. */
    REJECTED(true),
    /** The app was stopped before it had ended. */
    ABANDONED(true);

    private final boolean end;

    Outcome(boolean end) {
      this.end = end;
    }

    /** Tells whether nothing more will happen to the task. */
    public boolean isEnd() {
      return end;
    }
  }
}
