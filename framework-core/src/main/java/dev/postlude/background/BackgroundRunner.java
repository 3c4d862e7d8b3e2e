package dev.postlude.background;

import dev.postlude.background.TaskGroup.WhenFull;
import dev.postlude.concurrent.Threads;
import dev.postlude.context.ContextCarriers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs the finish hooks of requests and the tasks of their responses, once these are written.
 *
 * <p>Whoever writes a response asks {@link #admit} before it writes, and tells the {@link
 * Admission} when the last write has completed. Nobody else starts a task. A response without
 * tasks, of a request without hooks, need not be admitted.
 *
 * <p>Tasks run on threads of the runner's own: on JDK 21 and later a virtual thread for each strand
 * of tasks, before that a pool. All methods may be called from any thread; only {@link #shutdown},
 * {@link #close} and {@link #awaitQuiet} block.
 */
public final class BackgroundRunner implements AutoCloseable {
  private final Engine engine;
  private final Lanes lanes;
  private final ContextCarriers carriers;
  private final Outstanding<Walk> outstanding =
      new Outstanding<>(Comparator.comparingLong(Walk::number));
  private final Services services;
  private final Shutdown shutdown;

  /** Makes a runner that has nothing to do; it starts no thread until it has. */
  public BackgroundRunner(BackgroundOptions options) {
    Objects.requireNonNull(
        options, "A runner needs options, if only BackgroundOptions.defaults().");
    // Unbounded: lanes bound what runs, and one bound for all would let one starve the others.
    var workers = Threads.workers("postlude-background-", Integer.MAX_VALUE);
    TaskTimer timer = options.timer();
    Reporter reporter = new Reporter(options.listeners(), options.errorActions());
    engine =
        new Engine(
            workers,
            timer,
            reporter,
            new Gate(),
            new Lane(TaskGroup.of("finish hooks")),
            new SlowTasks(options.slowTaskWarning(), timer, workers, reporter, this::running));
    lanes = new Lanes(options.defaultGroup());
    carriers = options.carriers();
    services = new Services(options.services(), reporter);
    shutdown = new Shutdown(engine, lanes, outstanding, services);
  }

  /**
   * Takes places for a response's tasks, before the response is written. Either all tasks in groups
   * that reject requests get a place, or none does. A task in a group that drops is left out if
   * there is no place for it, with the chain that it is part of.
   *
   * <p>Listeners are told on the calling thread, of every task, whether it is queued or rejected.
   * Tasks that are to be stored begin to be, which the admission tells more of.
   *
   * @param pending the request, with the outcome still open
   * @param hooks the request's finish hooks; more may be added until the admission is released
   * @return null if the request is to be answered 503: there is no place, or the runner has been
   *     shut down. The tasks have been counted as rejected then, and the hooks stay with the
   *     request.
   * @throws IllegalArgumentException if a task's group is of the name of another one, or one of
   *     more than 1,000; nothing has been counted then
   */
  public @Nullable Admission admit(Exchange pending, FinishHooks hooks, Tasks tasks) {
    Objects.requireNonNull(pending, "admit() needs an exchange.");
    Objects.requireNonNull(hooks, "admit() needs finish hooks, if only an empty list.");
    Objects.requireNonNull(tasks, "admit() needs tasks, if only Tasks.none().");
    @Nullable Tree[] elements = grow(tasks);
    List<Tree> dropped = new ArrayList<>(0);
    if (outstanding.isClosed() || !reserve(elements, dropped)) {
      reject(pending, elements, dropped);
      return null;
    }
    Walk walk = new Walk(engine, outstanding, pending, hooks, elements);
    if (engine.reporter().hasListeners()) {
      walk.leaves().forEach(leaf -> engine.reporter().queued(leaf.context(pending)));
    }
    if (!outstanding.add(walk)) { // closed just now
      unreserve(elements);
      reject(pending, elements, dropped);
      return null;
    }
    dropped.forEach(element -> reject(pending, element));
    walk.admitted();
    return new Admission(walk, store(elements, pending));
  }

  /**
   * Has a worker let go what came of {@link Admission#written}, one after the other: for event
   * loops, which have better things to do, and many at a time. Does not block.
   */
  public void begin(List<Runnable> released) {
    engine.launch(() -> released.forEach(this::begin));
  }

  private void begin(Runnable released) {
    try {
      released.run();
    } catch (Throwable broken) { // no memory left, or a mistake of ours
      engine.reporter().trouble("What comes after a response could not be begun.", broken);
    }
  }

  private static @Nullable CompletionStage<?> store(@Nullable Tree[] elements, Exchange pending) {
    CompletableFuture<?> all = null;
    for (Tree element : elements) {
      for (Leaf leaf : element == null ? List.<Leaf>of() : element.leaves) {
        CompletableFuture<?> one = leaf.store(pending);
        if (one != null) {
          all = all == null ? one : CompletableFuture.allOf(all, one);
        }
      }
    }
    return all;
  }

  /**
   * Starts the services beside the app.
   *
   * @throws IllegalStateException if one of them cannot start
   */
  public void start() {
    services.start();
  }

  /** Counts what there is and what there was. */
  public BackgroundStats stats() {
    Map<String, Instant> oldest = new HashMap<>();
    for (Walk walk : outstanding.list()) {
      for (Leaf leaf : walk.leaves()) {
        if (!leaf.hasEnded()) {
          oldest.merge(leaf.lane.group().name(), leaf.queuedAt(), (a, b) -> a.isBefore(b) ? a : b);
        }
      }
    }
    Instant now = engine.timer().now();
    Map<String, BackgroundStats.Group> groups = new HashMap<>();
    for (Lane lane : lanes.all()) {
      String name = lane.group().name();
      Instant since = oldest.getOrDefault(name, now);
      groups.put(
          name, lane.stats(since.isAfter(now) ? Duration.ZERO : Duration.between(since, now)));
    }
    return new BackgroundStats(groups);
  }

  /**
   * Holds back whatever is released, hooks and tasks, until {@link #resume}; attempts that run go
   * on. For tests that want to see the response first.
   */
  public void pause() {
    engine.gate().close();
  }

  /** Lets go what {@link #pause} held back, in the order in which it came. */
  public void resume() {
    engine.gate().open();
  }

  /**
   * Waits until nothing that was admitted is left, released or not, and listeners have been told.
   *
   * @return false if the time was too short for that
   */
  public boolean awaitQuiet(Duration atMost) throws InterruptedException {
    long until = Shutdown.nanoTimeAfter(atMost);
    return outstanding.awaitNone(() -> until);
  }

  /**
   * Ends the runner: waits for whatever was admitted, released or not, delays and retries included;
   * at the deadline interrupts what still runs, gives it one second to end, and abandons the rest.
   * Tasks are admitted until the waiting is over. The services beside the app are stopped last, in
   * what is left of the time. The report, if not clean, is logged as a warning that names every
   * task.
   *
   * <p>May be called again, also meanwhile and from another thread: the earlier deadline holds, and
   * all calls return the same report. If the calling thread is interrupted its deadline is now. Not
   * to be called by a task, a hook or a listener, which would wait for itself.
   *
   * @param deadline how long to wait, in real time; zero to wait for nothing
   * @throws IllegalArgumentException if negative
   */
  public ShutdownReport shutdown(Duration deadline) {
    Objects.requireNonNull(deadline, "shutdown() needs a deadline, if only Duration.ZERO.");
    if (deadline.isNegative()) {
      throw new IllegalArgumentException("A shutdown's deadline must be zero or more: " + deadline);
    }
    return shutdown.run(deadline);
  }

  /** Shuts down with a deadline of 20 seconds. */
  @Override
  public void close() {
    shutdown(Duration.ofSeconds(20));
  }

  /** Returns the carriers that the app makes current around its handlers. */
  public ContextCarriers carriers() {
    return carriers;
  }

  private @Nullable Tree[] grow(Tasks tasks) {
    Tasks.Entry[] entries = tasks.entries();
    @Nullable Tree[] elements = new Tree[entries.length];
    Instant now = engine.timer().now();
    int leaves = 0;
    for (int i = 0; i < entries.length; i++) {
      Tree tree = new Tree(entries[i], i, leaves, lanes, now);
      leaves += tree.leaves.size();
      elements[i] = tree;
    }
    return elements;
  }

  /**
   * Takes all places or none. Moves elements that are to be dropped from the one list to the other.
   */
  private static boolean reserve(@Nullable Tree[] elements, List<Tree> dropped) {
    for (int i = 0; i < elements.length; i++) {
      Tree element = elements[i];
      if (element != null && !element.reserve(WhenFull.DROP)) {
        element.unreserve();
        dropped.add(element);
        elements[i] = null;
      } else if (element != null && !element.reserve(WhenFull.REJECT_REQUEST)) {
        unreserve(elements);
        return false;
      }
    }
    return true;
  }

  private static void unreserve(@Nullable Tree[] elements) {
    for (Tree element : elements) {
      if (element != null) {
        element.unreserve();
      }
    }
  }

  private void reject(Exchange pending, @Nullable Tree[] elements, List<Tree> dropped) {
    dropped.forEach(element -> reject(pending, element));
    for (Tree element : elements) {
      if (element != null) {
        reject(pending, element);
      }
    }
  }

  private void reject(Exchange pending, Tree element) {
    for (Leaf leaf : element.leaves) {
      leaf.reject();
      engine.reporter().rejected(leaf.context(pending));
    }
  }

  private List<Leaf> running() {
    return outstanding.list().stream()
        .flatMap(walk -> walk.leaves().stream())
        .filter(Leaf::isRunning)
        .toList();
  }
}
