package dev.postlude.background;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the background work of an accepted request is: a picture of one moment.
 *
 * @param id what it is asked for by
 * @param status of all tasks together: running from the first start to the last end; then failed if
 *     one has failed
 * @param tasks every single task, in order
 * @param result what came out of it, as JSON; null if nothing did, or not yet
 */
public record TaskStatus(String id, Phase status, List<Step> tasks, @Nullable String result) {

  /** Refuses to be changed afterwards. */
  public TaskStatus {
    tasks = List.copyOf(tasks);
  }

  /** What a task, or all together, has come to. */
  public enum Phase {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Not run, since a task before it failed or its condition did not hold. */
    SKIPPED;

    /** Whether nothing will change any more. */
    public boolean isFinal() {
      return this == SUCCEEDED || this == FAILED || this == SKIPPED;
    }
  }

  /**
   * One task.
   *
   * @param attempts how many have started
   * @param done how much of the work is done, as the task says; 0 if it does not
   * @param total how much there is in all, as the task says; 0 if it does not
   * @param message what the task says of its progress, or why it did not run; never an exception's
   *     message
   */
  public record Step(
      String name,
      Phase status,
      int attempts,
      Instant queuedAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      long done,
      long total,
      String message) {}

  static TaskStatus of(String id, List<Step> steps) {
    return new TaskStatus(id, together(steps), steps, null);
  }

  private static Phase together(List<Step> steps) {
    boolean ended = steps.stream().allMatch(step -> step.status().isFinal());
    if (steps.stream().anyMatch(step -> step.status() == Phase.FAILED)) {
      return ended ? Phase.FAILED : Phase.RUNNING;
    }
    if (ended) {
      return Phase.SUCCEEDED;
    }
    boolean begun = steps.stream().anyMatch(step -> step.status() != Phase.PENDING);
    return begun ? Phase.RUNNING : Phase.PENDING;
  }
}
