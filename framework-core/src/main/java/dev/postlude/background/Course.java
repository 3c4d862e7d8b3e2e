package dev.postlude.background;

import dev.postlude.background.Node.Join;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes after what among the tasks of one response.
 *
 * <p>The elements, that is what was attached to the response, are begun one after the other. An
 * element lets the next one begin as soon as none of its branches has anything to do: they have
 * ended, or wait for a delay or a retry. What waited goes on when its time has come, whatever else
 * runs then.
 *
 * <p>To find what comes next calls no user code, blocks nowhere, and takes no more stack than tasks
 * are nested: timers and event loops may do it. To report what is skipped after a failure does call
 * listeners; a worker does that.
 */
final class Course {
  private final Engine engine;
  private final @Nullable Tree[] elements; // null where a task was rejected
  private final Exchange exchange;
  private final Runnable taskEnded;
  private final IntConsumer strands;
  private final BiConsumer<Course, Leaf> starter;

  // Both are guarded by this.
  private int current = -1; // the element that was begun last
  private int active = 1; // how many branches of it have something to do

  /**
   * Makes the course of a response that has been written.
   *
   * @param taskEnded is run for each task that ends, after it has been reported
   * @param strands is told +1 of each strand that begins, and -1 when it ends
   * @param starter starts a strand at a task whose time has come, from any thread
   */
  Course(
      Engine engine,
      @Nullable Tree[] elements,
      Exchange exchange,
      Runnable taskEnded,
      IntConsumer strands,
      BiConsumer<Course, Leaf> starter) {
    this.engine = engine;
    this.elements = elements;
    this.exchange = exchange;
    this.taskEnded = taskEnded;
    this.strands = strands;
    this.starter = starter;
  }

  Engine engine() {
    return engine;
  }

  Exchange exchange() {
    return exchange;
  }

  /** Notes that a task has ended, and everybody has been told. */
  void ended() {
    taskEnded.run();
  }

  /** Counts the strands that are on their way along this course. */
  void strands(int more) {
    strands.accept(more);
  }

  /** Begins. Asked once; returns the tasks to start with. */
  List<Leaf> first() {
    return rests(-1);
  }

  /** Lets what is independent of this task begin, while it waits for a retry. */
  List<Leaf> meanwhile(Leaf waiting) {
    return rests(waiting.element);
  }

  /** Has a task tried again, now that it has waited. */
  void retryIsDue(Leaf leaf) {
    branch(leaf.element, 1);
    starter.accept(this, leaf);
  }

  /** Notes that a branch has ended, or waits. Returns what may begin because of that. */
  private List<Leaf> rests(int element) {
    int resting = element;
    for (; ; ) {
      Tree next = null;
      synchronized (this) {
        if (resting != current || --active > 0) {
          return List.of();
        }
        while (next == null && ++current < elements.length) {
          next = elements[current];
        }
        if (next == null) {
          return List.of();
        }
        resting = current;
        active = 1;
      }
      List<Leaf> starts = begin(next.root);
      if (!starts.isEmpty()) {
        return starts;
      }
    }
  }

  /** Counts branches of an element, which matters only until the next one has begun. */
  private synchronized void branch(int element, int more) {
    if (element == current) {
      active += more;
    }
  }

  /**
   * Finds the tasks that a node begins with: none if they wait for a delay, several if they are
   * parallel.
   */
  private List<Leaf> begin(Node node) {
    if (node instanceof Leaf leaf && node.task.delay().isZero()) {
      return List.of(leaf);
    }
    List<Leaf> starts = new ArrayList<>();
    collect(node, starts);
    return branched(node, starts);
  }

  private List<Leaf> branched(Node node, List<Leaf> starts) {
    if (starts.size() > 1) { // the one there was has become several
      branch(node.element, starts.size() - 1);
    }
    return starts;
  }

  private void collect(Node node, List<Leaf> starts) {
    Duration delay = node.task.delay();
    if (delay.isZero() || (node instanceof Leaf leaf && excluded(leaf) != null)) {
      expand(node, starts);
    } else {
      engine.later(() -> delayIsOver(node), delay);
    }
  }

  private void expand(Node node, List<Leaf> starts) {
    if (node instanceof Leaf leaf) {
      starts.add(leaf);
    } else {
      Join join = (Join) node;
      for (int i = 0; i < (join.isChain() ? 1 : join.parts.length); i++) {
        collect(join.parts[i], starts);
      }
    }
  }

  private void delayIsOver(Node node) {
    branch(node.element, 1);
    List<Leaf> starts = new ArrayList<>();
    expand(node, starts);
    for (Leaf leaf : starts.isEmpty() ? rests(node.element) : branched(node, starts)) {
      starter.accept(this, leaf);
    }
  }

  /** Finds what comes after a task that has ended, and reports what is skipped because of it. */
  List<Leaf> after(Leaf leaf, boolean succeeded) {
    String failed = succeeded ? null : leaf.policy().name();
    Node node = leaf;
    for (Join join = node.parent; join != null; node = join, join = join.parent) {
      if (join.isChain()) {
        int next = node.index + 1;
        if (next < join.parts.length) {
          if (failed == null) {
            List<Leaf> starts = begin(join.parts[next]);
            return starts.isEmpty() ? rests(leaf.element) : starts;
          }
          skipRest(join, node.index, failed);
        }
      } else {
        if (failed != null) {
          join.failed = failed;
        }
        if (join.open.decrementAndGet() > 0) {
          return rests(leaf.element);
        }
        failed = join.failed;
      }
    }
    return rests(leaf.element);
  }

  private void skipRest(Join chain, int afterPart, String failed) {
    Tree element = elements[chain.element];
    if (element != null) {
      int end = chain.ends[chain.parts.length - 1];
      for (Leaf leaf : element.leaves.subList(chain.ends[afterPart], end)) {
        skip(leaf, "\"" + failed + "\" failed before it in its chain");
      }
    }
  }

  /** Ends a task that does not run, and reports it. */
  void skip(Leaf leaf, String reason) {
    if (leaf.end(TaskState.SKIPPED) != null) {
      engine.reporter().skipped(leaf.context(exchange), reason);
      ended();
    }
  }

  /** Says why the task does not run after this outcome; null if it does. */
  @Nullable String excluded(Leaf leaf) {
    RunWhen when = leaf.policy().when();
    return when.allows(exchange.outcome())
        ? null
        : "it asked for when(" + when + "), and the response was " + exchange.outcome();
  }

  /** Ends every task as failed that has not ended: something is broken here. */
  void breakDown(Throwable broken) {
    for (Tree element : elements) {
      for (Leaf leaf : element == null ? List.<Leaf>of() : element.leaves) {
        if (leaf.end(TaskState.FAILED) != null) {
          engine.reporter().failed(leaf.context(exchange), broken, null, leaf.carried());
          ended();
        }
      }
    }
  }
}
