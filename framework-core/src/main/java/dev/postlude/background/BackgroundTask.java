package dev.postlude.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something to do after the response was written: one task, a chain of tasks, or several in
 * parallel.
 *
 * <p>Lives and dies with the process: a task that must survive a crash belongs in a queue, which
 * hands out tasks made by {@link #stored}.
 *
 * <p>An immutable value: every change is a copy, and one task may be attached to any number of
 * responses. Policy that is said of a chain, or of parallel tasks, is said of each single task in
 * it, in place of what that task said before; only {@link #delay} puts off the whole. Tasks may be
 * nested {@value #MAX_DEPTH} deep; a chain may be of any length.
 */
public final class BackgroundTask {
  private static final int MAX_DEPTH = 100;

  private final Shape shape;
  private final List<BackgroundTask> parts; // empty for a single task
  private final @Nullable Work work; // null for a chain, and for parallel tasks
  private final Policy policy;
  private final Duration delay;
  private final int depth;

  private BackgroundTask(
      Shape shape,
      List<BackgroundTask> parts,
      @Nullable Work work,
      Policy policy,
      Duration delay,
      int depth) {
    this.shape = shape;
    this.parts = parts;
    this.work = work;
    this.policy = policy;
    this.delay = delay;
    this.depth = depth;
  }

  enum Shape {
    SINGLE,
    CHAIN,
    PARALLEL
  }

  /** What a task does. Runs on a background worker and may block. */
  @FunctionalInterface
  public interface Action {
    /** Does it. What it throws makes the attempt a failed one, and goes no further than that. */
    void run() throws Exception;
  }

  /**
   * What a task does that wants to know of its request. Runs on a background worker and may block.
   */
  @FunctionalInterface
  public interface ContextAction {
    /** Does it. What it throws makes the attempt a failed one, and goes no further than that. */
    void run(TaskContext context) throws Exception;
  }

  /**
   * What an asynchronous task does. Started on a background worker; the task ends when the stage
   * completes, on whatever thread. Meanwhile it holds a slot of its group, but no thread.
   */
  @FunctionalInterface
  public interface AsyncAction {
    /** Starts it. */
    CompletionStage<?> start(TaskContext context) throws Exception;
  }

  /** Returns a task of this name. */
  public static BackgroundTask of(String name, Action action) {
    return of(action).named(name);
  }

  /** Returns a task without a name; logs and listeners call it "task". */
  public static BackgroundTask of(Action action) {
    Objects.requireNonNull(action, "A task needs something to do.");
    return single(
        context -> {
          action.run();
          return null;
        });
  }

  /** Returns a task of this name that is told of its request. */
  public static BackgroundTask of(String name, ContextAction action) {
    return of(action).named(name);
  }

  /**
   * Returns a task without a name that is told of its request; logs and listeners call it "task".
   */
  public static BackgroundTask of(ContextAction action) {
    Objects.requireNonNull(action, "A task needs something to do.");
    return single(
        context -> {
          action.run(context);
          return null;
        });
  }

  /** Returns a task of this name that ends when its stage completes. */
  public static BackgroundTask async(String name, AsyncAction action) {
    Objects.requireNonNull(action, "A task needs something to do.");
    return single(
            context ->
                Objects.requireNonNull(
                    action.start(context), "An asynchronous task must return a stage, not null."))
        .named(name);
  }

  /**
   * Returns a task of this name that is stored before its response is written, and released where
   * other tasks run: this is what a queue hands out. The response waits until it is stored, and is
   * a 503 instead when that fails. Here it has succeeded when the store knows that it is released.
   *
   * @param id what {@link TaskDirectory#find} knows it by
   * @param directory where clients may ask for it
   */
  public static BackgroundTask stored(
      String name, String id, TaskDirectory directory, StoreAction action) {
    Objects.requireNonNull(id, "A stored task needs an id.");
    Objects.requireNonNull(directory, "A stored task needs the directory that knows it.");
    Objects.requireNonNull(action, "A stored task needs to be told how it is stored.");
    return single(new Storage(id, directory, action)).named(name);
  }

  /**
   * Returns tasks that run one after the other. When one fails the rest is skipped.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static BackgroundTask chain(BackgroundTask... tasks) {
    return composite(Shape.CHAIN, tasks);
  }

  /**
   * Returns tasks that run at the same time, as far as their groups have slots. They are done when
   * all are; when one fails the others go on, and then a chain around them is broken off.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static BackgroundTask parallel(BackgroundTask... tasks) {
    return composite(Shape.PARALLEL, tasks);
  }

  /** Returns a chain of this and the next: the next is skipped when this fails. */
  public BackgroundTask then(BackgroundTask next) {
    return chain(this, next);
  }

  /**
   * Returns a copy of this name.
   *
   * @throws IllegalArgumentException if the name is blank
   * @throws IllegalStateException if this is a chain, or parallel tasks
   */
  public BackgroundTask named(String name) {
    if (shape != Shape.SINGLE) {
      throw new IllegalStateException(
          "Only a single task has a name; name the tasks inside the "
              + (shape == Shape.CHAIN ? "chain" : "parallel()")
              + " instead of calling it \""
              + name
              + "\".");
    }
    return each(policy -> policy.named(name));
  }

  /**
   * Returns a copy of which no attempt may take longer: its thread is interrupted then, its stage
   * cancelled, and the attempt has failed with a {@link java.util.concurrent.TimeoutException}. A
   * task that ignores the interruption keeps its thread and its slot until it ends. Without a
   * timeout a task may take for ever.
   *
   * @throws IllegalArgumentException if the timeout is zero or negative
   */
  public BackgroundTask timeout(Duration timeout) {
    return each(policy -> policy.timeout(timeout));
  }

  /** Returns a copy that is tried again as the policy says. */
  public BackgroundTask retry(Retry retry) {
    return each(policy -> policy.retry(retry));
  }

  /**
   * Returns a copy that waits this long before it starts: a chain before its first task, parallel
   * tasks before any. Holds back what follows in its chain, and nothing else; holds a place in its
   * group, but no thread.
   *
   * @throws IllegalArgumentException if the delay is negative
   */
  public BackgroundTask delay(Duration delay) {
    Objects.requireNonNull(delay, "delay() needs a duration; for none leave it out.");
    if (delay.isNegative()) {
      throw new IllegalArgumentException("A delay must be zero or more: " + delay);
    }
    return new BackgroundTask(shape, parts, work, policy, delay, depth);
  }

  /**
   * Returns a copy that runs only after these outcomes; otherwise it is skipped, and its chain goes
   * on.
   */
  public BackgroundTask when(RunWhen when) {
    return each(policy -> policy.when(when));
  }

  /** Returns a copy that runs within the bounds of this group. */
  public BackgroundTask group(TaskGroup group) {
    return each(policy -> policy.group(group));
  }

  /**
   * Returns a copy that does this when it has failed for good, before what the app does about it.
   */
  public BackgroundTask onError(ErrorAction action) {
    return each(policy -> policy.onError(action));
  }

  /** Returns the names of the single tasks, in the order in which they were written down. */
  public List<String> names() {
    return shape == Shape.SINGLE
        ? List.of(policy.name())
        : parts.stream().flatMap(part -> part.names().stream()).toList();
  }

  @Override
  public String toString() {
    return shape == Shape.SINGLE ? policy.name() : shape.name().toLowerCase(Locale.ROOT) + parts;
  }

  Shape shape() {
    return shape;
  }

  List<BackgroundTask> parts() {
    return parts;
  }

  /** Returns how it is stored; null for all but a single stored task. */
  @Nullable Storage storage() {
    return work instanceof Storage storage ? storage : null;
  }

  /** Returns what to do; asked of single tasks only. */
  Work work() {
    return Objects.requireNonNull(work);
  }

  Policy policy() {
    return policy;
  }

  Duration delay() {
    return delay;
  }

  private static BackgroundTask single(Work work) {
    return new BackgroundTask(Shape.SINGLE, List.of(), work, Policy.PLAIN, Duration.ZERO, 1);
  }

  private static BackgroundTask composite(Shape shape, BackgroundTask... tasks) {
    String verb = shape == Shape.CHAIN ? "chain()" : "parallel()";
    Objects.requireNonNull(tasks, verb + " needs at least one task.");
    if (tasks.length == 0) {
      throw new IllegalArgumentException(verb + " needs at least one task.");
    }
    List<BackgroundTask> parts = new ArrayList<>(tasks.length);
    int deepest = 0;
    for (BackgroundTask task : tasks) {
      Objects.requireNonNull(task, verb + " takes no null among its tasks.");
      // A chain in a chain is one chain: a thousand then() shall not nest a thousand deep.
      if (task.shape == shape && task.delay.isZero()) {
        parts.addAll(task.parts);
        deepest = Math.max(deepest, task.depth - 1);
      } else {
        parts.add(task);
        deepest = Math.max(deepest, task.depth);
      }
    }
    if (deepest == MAX_DEPTH) {
      throw new IllegalArgumentException(
          "Tasks may be nested at most " + MAX_DEPTH + " deep; a chain may be of any length.");
    }
    return new BackgroundTask(
        shape, List.copyOf(parts), null, Policy.PLAIN, Duration.ZERO, deepest + 1);
  }

  private BackgroundTask each(UnaryOperator<Policy> change) {
    if (shape == Shape.SINGLE) {
      return new BackgroundTask(shape, parts, work, change.apply(policy), delay, depth);
    }
    List<BackgroundTask> changed = parts.stream().map(part -> part.each(change)).toList();
    return new BackgroundTask(shape, changed, work, policy, delay, depth);
  }
}
