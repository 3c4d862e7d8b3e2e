package dev.postlude.background;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way through one response's afterwards: first its finish hooks, then its tasks.
 *
 * <pre>{@code
 *        release                 no hooks
 * HELD -----------> RELEASED ----------------------> tasks (Course) --> done
 *  |                    |                              ^
 *  | cancel             '--> finish hooks (HookRun) ---'
 *  v
 * CANCELLED: all tasks skipped --> done
 * }</pre>
 *
 * <p>A shutdown may {@link #abandon} it at any point.
 */
final class Walk {
  private enum Phase {
    HELD,
    RELEASED,
    CANCELLED
  }

  private static final AtomicLong COUNTER = new AtomicLong();

  private final long number = COUNTER.incrementAndGet();
  private final Engine engine;
  private final Outstanding<Walk> outstanding;
  private final FinishHooks hooks;
  private final @Nullable Tree[] elements; // null where a task was rejected
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HELD);

  /** How many tasks have not ended, and one for what comes before them. */
  private final AtomicInteger open = new AtomicInteger(1);

  /** How many strands there are, and one for what comes before them. */
  private final AtomicInteger atWork = new AtomicInteger(1);

  private volatile Exchange exchange;

  // Both are guarded by this.
  private @Nullable HookRun hookRun;
  private boolean abandoned;

  Walk(
      Engine engine,
      Outstanding<Walk> outstanding,
      Exchange pending,
      FinishHooks hooks,
      @Nullable Tree[] elements) {
    this.engine = engine;
    this.outstanding = outstanding;
    this.exchange = pending;
    this.hooks = hooks;
    this.elements = elements;
    for (Tree element : elements) {
      open.addAndGet(element == null ? 0 : element.leaves.size());
    }
  }

  /** A number that is larger than those of all walks before it. */
  long number() {
    return number;
  }

  /**
   * Notes what became of the response, and returns what lets the walk begin, which hands over to a
   * worker. Both may be done by any thread, event loops included.
   */
  Runnable release(Outcome outcome, int status, long bytesWritten) {
    if (!phase.compareAndSet(Phase.HELD, Phase.RELEASED)) {
      return () -> {};
    }
    exchange = exchange.finished(outcome, status, bytesWritten, engine.timer().now());
    List<FinishHook> taken = hooks.take();
    HookRun run = taken.isEmpty() ? null : new HookRun(taken);
    synchronized (this) {
      if (abandoned) {
        return () -> {};
      }
      hookRun = run;
    }
    return () -> begin(run);
  }

  private void begin(@Nullable HookRun run) {
    if (engine.gate().holds(() -> begin(run))) {
      return;
    }
    Course course =
        new Course(engine, elements, exchange, this::ended, this::strands, Strand::start);
    if (run == null) {
      course.first().forEach(leaf -> Strand.start(course, leaf));
      ended();
      strands(-1);
    } else {
      Runnable onWorker = () -> runHooks(run, course);
      if (engine.hookLane().enter(onWorker)) {
        engine.launch(onWorker);
      }
    }
  }

  private void runHooks(HookRun run, Course course) {
    run.run(exchange, engine.reporter());
    engine.leave(engine.hookLane());
    Strand.startHere(course, course.first());
    ended();
    strands(-1);
  }

  /**
   * Ends it before it has begun: its response was replaced. Reports the tasks as skipped, and
   * leaves the hooks be.
   */
  void cancel(String reason) {
    if (phase.compareAndSet(Phase.HELD, Phase.CANCELLED)) {
      List<Leaf> skipped = new ArrayList<>();
      for (Leaf leaf : leaves()) {
        // All places first: the response that is written instead may want them.
        if (leaf.end(TaskState.SKIPPED) != null) {
          skipped.add(leaf);
        }
      }
      for (Leaf leaf : skipped) {
        engine.reporter().skipped(leaf.context(exchange), reason);
      }
      open.addAndGet(-skipped.size());
      ended();
      strands(-1);
    }
  }

  /**
   * What is left of a walk that was abandoned.
   *
   * @param inside the code that was interrupted
   */
  record Remains(
      List<TaskContext> interrupted,
      List<TaskContext> neverStarted,
      boolean hooksCutOff,
      List<Interruptible> inside) {}

  /**
   * Ends it because the runner closes: counts what has not ended as abandoned, and interrupts what
   * runs.
   */
  Remains abandon() {
    List<TaskContext> interrupted = new ArrayList<>();
    List<TaskContext> neverStarted = new ArrayList<>();
    List<Interruptible> inside = new ArrayList<>();
    for (Leaf leaf : leaves()) {
      TaskState from = leaf.end(TaskState.ABANDONED);
      Attempt attempt = leaf.attempt();
      if (from == TaskState.RUNNING && attempt != null) {
        interrupted.add(attempt.context());
        inside.add(attempt.code());
        attempt.abandon();
        engine.launch(attempt::cancelStage); // which may run anybody's code
      } else if (from != null) {
        neverStarted.add(leaf.context(exchange));
      }
    }
    HookRun run;
    synchronized (this) {
      abandoned = true;
      run = hookRun;
    }
    boolean hooksCutOff = run == null ? !hooks.isEmpty() : !run.isOver(); // released or not
    if (run != null) {
      inside.add(run.code());
      run.code().interrupt();
    }
    List<Runnable> last = hooks.takeLast();
    if (!last.isEmpty()) {
      engine.launch(() -> run(last));
    }
    return new Remains(interrupted, neverStarted, hooksCutOff, inside);
  }

  /** Returns the single tasks, rejected ones left out. */
  List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    for (Tree element : elements) {
      if (element != null) {
        leaves.addAll(element.leaves);
      }
    }
    return leaves;
  }

  /** Tells that it has its places; called once, before the response is written. */
  void admitted() {
    engine.reporter().busy(exchange);
  }

  private void strands(int more) {
    int now = atWork.addAndGet(more);
    if (now == 0) {
      engine.reporter().idle(exchange);
    } else if (now == more) { // there was none
      engine.reporter().busy(exchange);
    }
  }

  private void ended() {
    if (open.decrementAndGet() == 0) {
      // A walk that was cancelled leaves all of that to the one that is gone instead.
      List<Runnable> last = phase.get() == Phase.CANCELLED ? List.of() : hooks.takeLast();
      if (last.isEmpty()) {
        outstanding.remove(this);
      } else {
        engine.launch(
            () -> {
              run(last);
              outstanding.remove(this);
            });
      }
    }
  }

  private void run(List<Runnable> last) {
    for (Runnable action : last) {
      try {
        action.run();
      } catch (Throwable failure) {
        engine.reporter().trouble("What is done after the tasks of a response failed.", failure);
      }
    }
  }
}
