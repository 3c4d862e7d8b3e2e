package dev.postlude.background;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Warns of attempts that take long: looks round from time to time while anything runs, which costs
 * an attempt next to nothing.
 */
final class SlowTasks {
  private final Duration after;
  private final TaskTimer timer;
  private final Executor workers;
  private final Reporter reporter;
  private final Supplier<List<Leaf>> running;
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * Makes a watch that is not looking yet.
   *
   * @param after how long an attempt may take without a warning; zero for ever
   * @param running finds the tasks that run
   */
  SlowTasks(
      Duration after,
      TaskTimer timer,
      Executor workers,
      Reporter reporter,
      Supplier<List<Leaf>> running) {
    this.after = after;
    this.timer = timer;
    this.workers = workers;
    this.reporter = reporter;
    this.running = running;
  }

  /** Starts looking, if it was not. Called after a task has become a running one. */
  void watch() {
    if (!after.isZero() && !looking.get() && looking.compareAndSet(false, true)) {
      lookLater();
    }
  }

  private void lookLater() {
    try {
      timer.alarm(this::lookOnWorker, after.dividedBy(4));
    } catch (Throwable error) {
      looking.set(false);
      reporter.trouble("Slow background tasks cannot be watched.", error);
    }
  }

  private void lookOnWorker() { // not on the timer's thread, because it logs
    try {
      workers.execute(this::look);
    } catch (RejectedExecutionException closed) {
      looking.set(false);
    }
  }

  private void look() {
    try {
      List<Leaf> leaves = running.get();
      if (!leaves.isEmpty()) {
        Instant now = timer.now();
        leaves.forEach(leaf -> warn(leaf, now));
        lookLater();
        return;
      }
    } catch (Throwable error) {
      reporter.trouble("Slow background tasks could not be looked for.", error);
    }
    looking.set(false);
    if (!running.get().isEmpty()) { // it may have been started before the line above
      watch();
    }
  }

  private void warn(Leaf leaf, Instant now) {
    Attempt attempt = leaf.attempt();
    Instant startedAt = attempt == null ? null : attempt.context().startedAt();
    if (attempt != null
        && startedAt != null
        && Duration.between(startedAt, now).compareTo(after) >= 0
        && attempt.warnOnce()) {
      reporter.slow(attempt.context(), after, attempt.code().inside());
    }
  }
}
