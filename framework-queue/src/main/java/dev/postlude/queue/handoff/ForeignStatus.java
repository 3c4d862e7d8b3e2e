package dev.postlude.queue.handoff;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What another system says of a task.
 *
 * @param phase how far it is
 * @param result the result as JSON, of at most 64 KB; with {@link Phase#SUCCEEDED}
 * @param error what went wrong; with {@link Phase#FAILED} and {@link Phase#AGAIN}
 * @param pause how long to wait before it is published again; with {@link Phase#AGAIN}
 * @param done how much of the work is done; 0 if that is not known
 * @param total how much there is in all; 0 if that is not known
 * @param message what it says of its progress, if only ""
 */
public record ForeignStatus(
    Phase phase,
    @Nullable String result,
    @Nullable String error,
    Duration pause,
    long done,
    long total,
    String message) {

  /** How far it is. */
  public enum Phase {
    /** Not done yet, or nothing is known. */
    PENDING,
    SUCCEEDED,
    FAILED,
    /** This attempt failed, and there is to be another one. */
    AGAIN
  }

  /** It is not done yet, or nothing is known of it. */
  public static ForeignStatus pending() {
    return pending(0, 0, "");
  }

  /** It is not done yet, and this far. */
  public static ForeignStatus pending(long done, long total, String message) {
    return new ForeignStatus(Phase.PENDING, null, null, Duration.ZERO, done, total, message);
  }

  /** It is done. */
  public static ForeignStatus succeeded(@Nullable String result) {
    return new ForeignStatus(Phase.SUCCEEDED, result, null, Duration.ZERO, 0, 0, "");
  }

  /** It has failed for good. */
  public static ForeignStatus failed(String error) {
    return new ForeignStatus(Phase.FAILED, null, error, Duration.ZERO, 0, 0, "");
  }

  /** This attempt failed; it is to be published again after this long. */
  public static ForeignStatus again(Duration wait, String error) {
    return new ForeignStatus(Phase.AGAIN, null, error, wait, 0, 0, "");
  }
}
