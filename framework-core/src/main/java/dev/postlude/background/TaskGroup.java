package dev.postlude.background;

import java.util.Objects;

/**
 * A kind of work with bounds of its own, so that slow work of one kind cannot starve another.
 *
 * <p>A group is a value: two groups are equal when all that was said of them is. Write it once, as
 * a constant; a runner refuses two groups of one name with different bounds, and more than 1,000
 * groups.
 *
 * <pre>{@code
 * static final TaskGroup PDF = TaskGroup.of("pdf").maxConcurrent(2).maxQueued(100);
 * }</pre>
 *
 * <p>Each single task takes one of {@code maxConcurrent + maxQueued} places from before the
 * response is written until the task has ended, waiting for a delay or a retry included.
 */
public final class TaskGroup {

  /**
   * The group of tasks that name none: {@code "default"}, 256 at a time, 10,000 waiting, {@link
   * WhenFull#REJECT_REQUEST}. It stands for whatever {@code BackgroundOptions.defaultGroup} says.
   */
  public static final TaskGroup DEFAULT = of("default");

  private final String name;
  private final int maxConcurrent;
  private final int maxQueued;
  private final WhenFull whenFull;

  private TaskGroup(String name, int maxConcurrent, int maxQueued, WhenFull whenFull) {
    this.name = name;
    this.maxConcurrent = maxConcurrent;
    this.maxQueued = maxQueued;
    this.whenFull = whenFull;
  }

  /** What happens to a response whose tasks find no place. */
  public enum WhenFull {

    /** The request is answered 503 and nothing runs: better than a 202 that lies. The default. */
    REJECT_REQUEST,

    /**
     * The response goes out; the task, with the whole chain that it is part of, is reported as
     * rejected.
     */
    DROP
  }

  /**
   * Returns the group of this name, with the bounds of {@link #DEFAULT}.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static TaskGroup of(String name) {
    Objects.requireNonNull(name, "A group needs a name: TaskGroup.of(\"pdf\").");
    if (name.isBlank()) {
      throw new IllegalArgumentException("A group's name may not be blank: TaskGroup.of(\"pdf\").");
    }
    return new TaskGroup(name, 256, 10_000, WhenFull.REJECT_REQUEST);
  }

  /**
   * Returns a copy of which this many tasks may run at a time.
   *
   * @throws IllegalArgumentException if fewer than 1
   */
  public TaskGroup maxConcurrent(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException(
          "maxConcurrent must be 1 or more, or no task of \""
              + name
              + "\" could ever run: "
              + tasks);
    }
    return new TaskGroup(name, tasks, maxQueued, whenFull);
  }

  /**
   * Returns a copy of which this many tasks may wait, besides those that run.
   *
   * @throws IllegalArgumentException if fewer than 0
   */
  public TaskGroup maxQueued(int tasks) {
    if (tasks < 0) {
      throw new IllegalArgumentException(
          "maxQueued must be 0 (nothing waits) or more in group \"" + name + "\": " + tasks);
    }
    return new TaskGroup(name, maxConcurrent, tasks, whenFull);
  }

  /** Returns a copy that does this when all places are taken. */
  public TaskGroup whenFull(WhenFull whenFull) {
    Objects.requireNonNull(whenFull, "whenFull() takes WhenFull.REJECT_REQUEST or WhenFull.DROP.");
    return new TaskGroup(name, maxConcurrent, maxQueued, whenFull);
  }

  public String name() {
    return name;
  }

  public int maxConcurrent() {
    return maxConcurrent;
  }

  public int maxQueued() {
    return maxQueued;
  }

  public WhenFull whenFull() {
    return whenFull;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskGroup that
        && name.equals(that.name)
        && maxConcurrent == that.maxConcurrent
        && maxQueued == that.maxQueued
        && whenFull == that.whenFull;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, maxConcurrent, maxQueued, whenFull);
  }

  @Override
  public String toString() {
    return "TaskGroup["
        + name
        + ", maxConcurrent="
        + maxConcurrent
        + ", maxQueued="
        + maxQueued
        + ", "
        + whenFull
        + "]";
  }
}
