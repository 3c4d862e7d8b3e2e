package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Attempts.End;
import dev.postlude.queue.store.Attempts.Progress;
import dev.postlude.queue.store.Moments;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One turn at a task that another system does: publishes it, or asks how far it is. That it could
 * not be published, or nobody knows how far it is, is no failure of the task.
 */
final class HandOffRun {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final Duration SLOWEST = Duration.ofMinutes(1);

  private final Bench bench;
  private final Picked picked;
  private final TaskRecord task;
  private final HandOff handOff;

  HandOffRun(Bench bench, Picked picked, TaskRecord task, HandOff handOff) {
    this.bench = bench;
    this.picked = picked;
    this.task = task;
    this.handOff = handOff;
  }

  /** What is done about a failed attempt to publish. */
  @FunctionalInterface
  interface Failed {
    void failed(TaskRecord task, Throwable error, @Nullable Progress progress);
  }

  void run(Failed failed) {
    if (task.state() == TaskState.HANDED_OFF) {
      ask(Objects.requireNonNull(task.foreignId()));
    } else {
      publish(failed);
    }
  }

  private void publish(Failed failed) {
    Outage outage = bench.handOffs().outage(task.name());
    Duration wait = outage.before();
    if (!wait.isZero()) {
      postpone(wait, Objects.requireNonNullElse(outage.reason(), ""));
      return;
    }
    String foreignId;
    try {
      foreignId =
          handOff.publish(
              new Envelope(
                  task.id(),
                  task.name(),
                  task.payload(),
                  task.attempt(),
                  task.enqueuedAt(),
                  task.key()));
    } catch (FatalTaskException e) {
      failed.failed(task, e, null);
      return;
    } catch (Exception e) {
      LOG.log(Level.DEBUG, () -> Errors.title(picked) + " cannot be handed over", e);
      postpone(outage.failed(Errors.line(e)), Errors.text(e));
      return;
    }
    outage.over();
    Duration first = handOff.askEvery();
    long now = System.currentTimeMillis();
    long askAt = first.isZero() ? 0 : Moments.after(now, first);
    bench.settled(
        session ->
            bench.attempts().handOff(session, picked, handOff.system(), foreignId, askAt, now));
    bench.counters().succeeded.increment();
    bench.wakeAt(askAt);
  }

  private void postpone(Duration wait, String why) {
    long dueAt = System.currentTimeMillis() + wait.toMillis();
    bench.settled(session -> bench.attempts().postpone(session, picked, dueAt, why));
    bench.wakeAt(dueAt);
  }

  private void ask(String foreignId) {
    ForeignStatus said;
    try {
      said = handOff.status(foreignId);
    } catch (Exception e) {
      String line =
          handOff.system()
              + " does not say how far "
              + Errors.title(picked)
              + " is: "
              + Errors.line(e);
      LOG.log(Level.WARNING, line + "; asked again in " + pause().toSeconds() + " s");
      LOG.log(Level.DEBUG, line, e);
      said = ForeignStatus.pending();
    }
    if (said.equals(ForeignStatus.pending())) {
      said = ForeignStatus.pending(task.done(), task.total(), task.message()); // no news
    }
    Progress progress =
        new Progress(said.done(), said.total(), Errors.trimmed(said.message(), 500));
    long now = System.currentTimeMillis();
    if (said.phase() == ForeignStatus.Phase.PENDING) {
      long askAt = Moments.after(now, pause());
      bench.settled(session -> bench.attempts().askAgain(session, picked, askAt, progress));
      bench.wakeAt(askAt);
      return;
    }
    ForeignStatus last = said;
    bench.settled(
        session -> {
          write(session, bench.attempts(), picked, last, now);
          return true;
        });
    written(bench, picked, handOff.system(), last, now);
  }

  /** Writes down how it ended over there, or that there is to be another attempt. */
  static void write(Session session, Attempts attempts, Picked picked, ForeignStatus said, long now)
      throws SQLException {
    String error = Errors.trimmed(error(said), 4_000);
    if (said.phase() == ForeignStatus.Phase.AGAIN) {
      long dueAt = Moments.after(now, said.pause());
      attempts.retry(session, picked, dueAt, picked.crashes(), error);
      return;
    }
    boolean well = said.phase() == ForeignStatus.Phase.SUCCEEDED;
    End end =
        well
            ? new End(TaskState.SUCCEEDED, null, said.result(), null)
            : new End(TaskState.DEAD, error, null, null);
    attempts.finish(session, picked, end, now);
  }

  private static String error(ForeignStatus said) {
    return Objects.requireNonNullElse(said.error(), "failed");
  }

  /** What follows once that is committed: the log is told as of an attempt of our own. */
  static void written(Bench bench, Picked picked, String system, ForeignStatus said, long now) {
    String what = Errors.title(picked) + " failed at " + Errors.plain(system);
    if (said.phase() == ForeignStatus.Phase.AGAIN) {
      LOG.log(
          Level.WARNING,
          what
              + ", next attempt in "
              + Errors.seconds(said.pause())
              + ": "
              + Errors.line(error(said)));
      bench.counters().failed.increment();
      bench.wakeAt(Moments.after(now, said.pause()));
    } else if (said.phase() == ForeignStatus.Phase.FAILED) {
      LOG.log(Level.ERROR, what + " and is dead: " + Errors.line(error(said)));
      bench.counters().dead.increment();
    }
  }

  /**
   * A tenth of how long it has taken until now: no task is asked for more often than it deserves.
   */
  private Duration pause() {
    Instant since = Objects.requireNonNullElse(task.startedAt(), task.enqueuedAt());
    Duration tenth = Duration.between(since, Instant.now()).dividedBy(10);
    Duration least = handOff.askEvery();
    if (tenth.compareTo(least) < 0) {
      return least;
    }
    return tenth.compareTo(SLOWEST) > 0 ? SLOWEST : tenth;
  }
}
