package dev.postlude.queue.task;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tasks to list, the latest first. An immutable value. */
public final class TaskQuery {
  private static final int MAX_LIMIT = 1_000;
  private static final TaskQuery ALL =
      new TaskQuery(Set.copyOf(EnumSet.allOf(TaskState.class)), null, 100, null);

  private final Set<TaskState> states;
  private final @Nullable String name;
  private final int limit;
  private final @Nullable TaskRecord after;

  private TaskQuery(
      Set<TaskState> states, @Nullable String name, int limit, @Nullable TaskRecord after) {
    this.states = states;
    this.name = name;
    this.limit = limit;
    this.after = after;
  }

  /** Returns the query for the latest hundred of all tasks. */
  public static TaskQuery all() {
    return ALL;
  }

  /**
   * Returns a copy for tasks in these states only.
   *
   * @throws IllegalArgumentException if none is named
   */
  public TaskQuery states(TaskState... states) {
    if (states.length == 0) {
      throw new IllegalArgumentException("states() needs at least one state.");
    }
    return new TaskQuery(Set.of(states), name, limit, after);
  }

  /** Returns a copy for tasks of this name only. */
  public TaskQuery name(String name) {
    return new TaskQuery(states, Objects.requireNonNull(name, "name"), limit, after);
  }

  /**
   * Returns a copy for at most this many.
   *
   * @throws IllegalArgumentException if not from 1 to 1,000
   */
  public TaskQuery limit(int tasks) {
    if (tasks < 1 || tasks > MAX_LIMIT) {
      throw new IllegalArgumentException("A list has 1 to " + MAX_LIMIT + " tasks: " + tasks);
    }
    return new TaskQuery(states, name, tasks, after);
  }

  /** Returns a copy for what follows this one: the next page. */
  public TaskQuery after(TaskRecord last) {
    return new TaskQuery(states, name, limit, Objects.requireNonNull(last, "last"));
  }

  /** The states that are asked for. */
  public Set<TaskState> states() {
    return states;
  }

  /** The name that is asked for; null for any. */
  public @Nullable String name() {
    return name;
  }

  /** How many at most. */
  public int limit() {
    return limit;
  }

  /** The last one of the page before; null for the first page. */
  public @Nullable TaskRecord after() {
    return after;
  }
}
