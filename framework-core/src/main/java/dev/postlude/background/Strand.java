package dev.postlude.background;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One thread's way along a {@link Course}, from task to task. It takes its slot along while they
 * are in the same group.
 *
 * <p>A strand is in one pair of hands at a time, and these change: from whoever starts it to a lane
 * where it waits for a slot, to a worker, to the stage that a task returned, to the worker that
 * goes on when the stage has completed. Whoever has handed it on does not touch it again. A strand
 * ends when there is nothing to do next; a task that waits for a delay or a retry is taken up by a
 * new one.
 */
final class Strand implements Runnable {
  private final Course course;
  private final Engine engine;
  private Leaf leaf;
  private @Nullable Attempt attempt; // the one that it was handed on with
  private @Nullable Lane slot; // where it holds one

  private Strand(Course course, Leaf leaf) {
    this.course = course;
    this.engine = course.engine();
    this.leaf = leaf;
    course.strands(1);
  }

  /** Starts at this task, on a worker, as soon as there is a slot; called by any thread. */
  static void start(Course course, Leaf leaf) {
    new Strand(course, leaf).enter();
  }

  /** Starts at these tasks; on this worker at the first of them, if there is a slot for it. */
  static void startHere(Course course, List<Leaf> leaves) {
    for (Leaf leaf : leaves.subList(Math.min(1, leaves.size()), leaves.size())) {
      start(course, leaf);
    }
    if (!leaves.isEmpty()) {
      Strand here = new Strand(course, leaves.get(0));
      if (here.mayEnter()) {
        here.run();
      }
    }
  }

  private void enter() {
    if (mayEnter()) {
      engine.launch(this);
    }
  }

  private boolean mayEnter() {
    return !engine.gate().holds(this::enter) && leaf.lane.enter(this);
  }

  /** Runs from task to task, on a worker, from the moment at which it has a slot. */
  @Override
  public void run() {
    slot = leaf.lane;
    try {
      while (step()) {
        // there was another task for this thread
      }
    } catch (Throwable broken) { // no memory left, or a mistake of ours
      engine.reporter().trouble("The background tasks of a response broke down.", broken);
      course.breakDown(broken);
      leaveSlot();
      course.strands(-1);
    }
  }

  /** Does what is next. If it returns false, the strand has ended or is in other hands already. */
  private boolean step() {
    Attempt made = attempt;
    if (made == null) {
      if (engine.gate().isClosed()) {
        leaveSlot();
        enter();
        return false;
      }
      String reason = course.excluded(leaf);
      if (reason != null) {
        course.skip(leaf, reason);
        return goOn(course.after(leaf, true));
      }
      made = attempt();
      if (made == null) {
        return goOn(List.of());
      }
      attempt = made;
      if (!made.run(() -> engine.launch(this))) {
        return false;
      }
    }
    attempt = null;
    return goOn(settle(made));
  }

  private boolean goOn(List<Leaf> next) {
    if (next.isEmpty()) {
      leaveSlot();
      course.strands(-1);
      return false;
    }
    for (Leaf parallel : next.subList(1, next.size())) {
      start(course, parallel);
    }
    leaf = next.get(0);
    if (leaf.lane == slot) {
      return true;
    }
    leaveSlot();
    if (!leaf.lane.enter(this)) {
      return false;
    }
    slot = leaf.lane;
    return true;
  }

  private void leaveSlot() {
    Lane held = slot;
    slot = null;
    if (held != null) {
      engine.leave(held);
    }
  }

  /** Gets an attempt ready and tells of it; null if the task was abandoned. */
  private @Nullable Attempt attempt() {
    Leaf task = leaf;
    TaskContext context =
        task.context(
            course.exchange(),
            task.attempts() + 1,
            engine.timer().now(),
            (told, done, total, message) -> {
              if (task.isRunning() && task.attempts() == told.attempt()) {
                engine.reporter().progressed(told, done, total, message);
              }
            });
    Attempt next = new Attempt(task.work(), context, task.carried());
    if (!task.begin(next)) {
      return null;
    }
    engine.reporter().started(context);
    engine.slowTasks().watch();
    Duration timeout = task.policy().timeout();
    if (timeout != null) {
      next.alarm(engine.alarm(() -> timeIsUp(next, timeout), timeout));
    }
    return next;
  }

  /** Called by the timer. The worker that tells of it goes on if the attempt has ended by then. */
  private void timeIsUp(Attempt late, Duration timeout) {
    if (late.cut(new TimeoutException("It took longer than its timeout of " + timeout + "."))) {
      Lane lane = leaf.lane; // the attempt is not over, so this is still its strand's task
      lane.countTimeout();
      engine.launch(
          () -> {
            late.cancelStage();
            engine.reporter().timedOut(late.context(), timeout);
            if (late.told()) {
              run();
            }
          });
    }
  }

  private List<Leaf> settle(Attempt made) {
    Throwable error = made.failure();
    if (error == null) {
      if (leaf.end(TaskState.SUCCEEDED) == null) {
        return List.of();
      }
      engine.reporter().succeeded(made.context());
      course.ended();
      return course.after(leaf, true);
    }
    Duration wait = waitAfter(made.context().attempt(), error);
    if (wait != null) {
      return leaf.rest() ? retryLater(made, error, wait) : List.of();
    }
    if (leaf.end(TaskState.FAILED) == null) {
      return List.of();
    }
    engine.reporter().failed(made.context(), error, leaf.policy().onError(), leaf.carried());
    course.ended();
    return course.after(leaf, false);
  }

  private List<Leaf> retryLater(Attempt made, Throwable error, Duration wait) {
    Leaf waiting = leaf;
    engine.reporter().retried(made.context(), error, wait);
    List<Leaf> next = course.meanwhile(waiting);
    if (wait.isZero()) {
      course.retryIsDue(waiting);
    } else {
      engine.later(() -> course.retryIsDue(waiting), wait);
    }
    return next;
  }

  private @Nullable Duration waitAfter(int attempt, Throwable error) {
    try {
      double random = ThreadLocalRandom.current().nextDouble();
      return leaf.policy().retry().waitAfter(attempt, error, random);
    } catch (Throwable undecided) {
      engine.reporter().trouble("A retry's condition failed; the task has failed.", undecided);
      return null;
    }
  }
}
