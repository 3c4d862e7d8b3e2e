package dev.postlude.background;

import dev.postlude.background.ShutdownReport.TaskReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The end of a runner. It comes once; who asks again may bring it nearer, and gets the same report.
 */
final class Shutdown {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2; // a nanoTime more may not overflow

  private final Engine engine;
  private final Lanes lanes;
  private final Outstanding<Walk> outstanding;
  private final Services services;
  private final CompletableFuture<ShutdownReport> report = new CompletableFuture<>();

  // Both are guarded by this.
  private boolean begun;
  private long deadline; // a System.nanoTime

  Shutdown(Engine engine, Lanes lanes, Outstanding<Walk> outstanding, Services services) {
    this.engine = engine;
    this.lanes = lanes;
    this.outstanding = outstanding;
    this.services = services;
  }

  ShutdownReport run(Duration within) {
    if (begin(nanoTimeAfter(within))) {
      try {
        report.complete(drain(System.nanoTime()));
      } catch (Throwable error) {
        report.completeExceptionally(error);
      }
    } else {
      outstanding.wake();
    }
    return report.join();
  }

  /** Returns what {@link System#nanoTime} will be then. */
  static long nanoTimeAfter(Duration wait) {
    return System.nanoTime() + Math.min(FOREVER_NANOS, TimeUnit.NANOSECONDS.convert(wait));
  }

  private synchronized boolean begin(long wanted) {
    boolean first = !begun;
    if (first || wanted - deadline < 0) {
      deadline = wanted;
    }
    begun = true;
    return first;
  }

  private synchronized long deadline() {
    return deadline;
  }

  /** The deadline, put off where the tasks have left nothing of the time. */
  private long noSoonerThan(long time) {
    long end = deadline();
    return end - time < 0 ? time : end;
  }

  private ShutdownReport drain(long start) {
    final long before = finished();
    List<Walk> left = outstanding.drain(this::deadline);
    boolean callerInterrupted = Thread.interrupted();
    final long finished = finished() - before;
    List<Walk.Remains> remains = left.stream().map(Walk::abandon).toList();
    List<TaskContext> interrupted = flat(remains, Walk.Remains::interrupted);
    List<TaskContext> neverStarted = flat(remains, Walk.Remains::neverStarted);
    interrupted.forEach(engine.reporter()::abandoned);
    neverStarted.forEach(engine.reporter()::abandoned);
    try {
      long until = System.nanoTime() + GRACE_NANOS;
      for (Interruptible code : flat(remains, Walk.Remains::inside)) {
        code.awaitLeft(until);
      }
    } catch (InterruptedException hurry) {
      callerInterrupted = true;
    }
    services.stop(noSoonerThan(System.nanoTime() + GRACE_NANOS));
    engine.workers().shutdown();
    ShutdownReport result =
        new ShutdownReport(
            finished,
            interrupted.stream().map(Shutdown::describe).toList(),
            neverStarted.stream().map(Shutdown::describe).toList(),
            (int) remains.stream().filter(Walk.Remains::hooksCutOff).count(),
            Duration.ofNanos(System.nanoTime() - start));
    engine.reporter().shutDown(result);
    if (callerInterrupted) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  private long finished() {
    return lanes.all().stream().mapToLong(Lane::finished).sum();
  }

  private static <T> List<T> flat(
      List<Walk.Remains> remains, Function<Walk.Remains, List<T>> part) {
    return remains.stream().flatMap(each -> part.apply(each).stream()).toList();
  }

  private static TaskReport describe(TaskContext task) {
    return new TaskReport(
        task.name(), task.group().name(), task.route(), task.requestId(), task.attempt());
  }
}
