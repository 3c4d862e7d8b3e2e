package dev.postlude.queue.engine;

import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.queue.engine.Inside.Reason;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Attempts.End;
import dev.postlude.queue.store.Moments;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskRun;
import dev.postlude.queue.task.TaskState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One attempt at one task, from its first note in the database to its last, on one worker. */
final class AttemptRun {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int MOST_RESULT = 64 << 10;

  private final Bench bench;
  private final Definition definition;
  private final Inside inside;
  private final Picked picked;

  AttemptRun(Bench bench, Definition definition, Inside inside) {
    this.bench = bench;
    this.definition = definition;
    this.inside = inside;
    this.picked = inside.picked();
  }

  void run() {
    Attempts attempts = bench.attempts();
    Optional<TaskRecord> started =
        bench.begun(
            session -> attempts.start(session, picked, bench.node(), System.currentTimeMillis()));
    // Otherwise somebody has taken it over, or called it off.
    started.ifPresent(this::run);
  }

  private void run(TaskRecord task) {
    long began = System.nanoTime();
    HandOff handOff = definition.handOff();
    try {
      if (handOff != null) {
        new HandOffRun(bench, picked, task, handOff).run(this::failed);
      } else {
        handle(task, Objects.requireNonNull(definition.handler()));
      }
    } finally {
      bench.counters().runNanos.add(System.nanoTime() - began);
    }
  }

  private void handle(TaskRecord task, TaskHandler<Object> handler) {
    Object payload;
    try {
      payload =
          Objects.requireNonNull(
              Json.<Object>read(
                  task.payload().getBytes(StandardCharsets.UTF_8), definition.payload()),
              "the payload is null");
    } catch (HttpException | IllegalArgumentException | NullPointerException e) {
      dead(
          "the payload cannot be read as "
              + definition.payload().getTypeName()
              + ": "
              + Errors.text(e),
          null);
      return;
    } catch (Throwable e) { // an error of the type's own, such as a class that is missing
      failed(task, e, null);
      return;
    }
    NotedProgress progress = new NotedProgress(bench, picked);
    TaskRun run =
        new TaskRun(
            task.id(),
            task.name(),
            task.attempt(),
            task.crashes(),
            task.enqueuedAt(),
            task.key(),
            progress);
    Object result = null;
    Throwable error = null;
    if (inside.enter()) {
      Future<?> deadline = deadline();
      try {
        result = handler.handle(payload, run);
      } catch (Throwable e) {
        error = e;
      } finally {
        inside.leave();
        if (deadline != null) {
          deadline.cancel(false);
        }
      }
    } else {
      error = new InterruptedException("interrupted before it began");
    }
    ended(task, result, error, progress);
  }

  private @Nullable Future<?> deadline() {
    Duration timeout = definition.policy().timeout();
    return timeout == null
        ? null
        : bench
            .timer()
            .schedule(
                () -> inside.interrupt(Reason.TIMEOUT),
                TimeUnit.NANOSECONDS.convert(timeout), // saturates
                TimeUnit.NANOSECONDS);
  }

  private void ended(
      TaskRecord task, @Nullable Object result, @Nullable Throwable error, NotedProgress progress) {
    Reason reason = inside.reason();
    if (reason == Reason.TIMEOUT) {
      TimeoutException late =
          new TimeoutException("took longer than " + definition.policy().timeout());
      if (error != null) {
        late.addSuppressed(error);
      }
      failed(task, late, progress.last());
    } else if (error == null) {
      succeeded(result, progress.last());
    } else if (reason == Reason.CANCEL) {
      finish(new End(TaskState.CANCELLED, null, null, progress.last()));
    } else if (reason == Reason.SHUTDOWN) {
      bench.settled(
          session -> bench.attempts().putBack(session, picked, System.currentTimeMillis()));
    } else {
      failed(task, error, progress.last());
    }
  }

  private void succeeded(@Nullable Object result, Attempts.@Nullable Progress progress) {
    String json = null;
    if (result != null) {
      try {
        byte[] bytes = Json.write(result);
        if (bytes.length > MOST_RESULT) {
          LOG.log(
              Level.WARNING,
              "the result of "
                  + Errors.title(picked)
                  + " is not kept: "
                  + bytes.length
                  + " bytes are too many");
        } else {
          json = new String(bytes, StandardCharsets.UTF_8);
        }
      } catch (Throwable e) { // whatever it is, the work is done
        LOG.log(Level.WARNING, "the result of " + Errors.title(picked) + " is not kept", e);
      }
    }
    bench.counters().succeeded.increment();
    finish(new End(TaskState.SUCCEEDED, null, json, progress));
  }

  /** Decides whether there is another attempt. */
  private void failed(TaskRecord task, Throwable error, Attempts.@Nullable Progress progress) {
    bench.counters().failed.increment();
    Duration wait = null;
    if (!(error instanceof FatalTaskException)) {
      try {
        wait =
            definition
                .policy()
                .retry()
                .waitAfter(
                    Math.max(1, task.attempt() - task.crashes()),
                    error,
                    ThreadLocalRandom.current().nextDouble());
      } catch (Throwable e) { // a condition of the app's own that threw, perhaps what it was given
        if (e != error) {
          error.addSuppressed(e);
        }
      }
    }
    if (wait == null) {
      try {
        LOG.log(Level.ERROR, Errors.title(picked) + " is dead", error);
      } finally { // a message that throws may throw in there too
        dead(Errors.text(error), progress);
      }
      return;
    }
    String what = Errors.title(picked) + " failed, next attempt in " + Errors.seconds(wait);
    LOG.log(Level.WARNING, what + ": " + Errors.named(error));
    long dueAt = Moments.after(System.currentTimeMillis(), wait);
    String text = Errors.text(error);
    try {
      LOG.log(Level.DEBUG, what, error);
    } finally {
      bench.settled(
          session -> bench.attempts().retry(session, picked, dueAt, picked.crashes(), text));
    }
    bench.wakeAt(dueAt);
  }

  private void dead(String error, Attempts.@Nullable Progress progress) {
    bench.counters().dead.increment();
    finish(new End(TaskState.DEAD, error, null, progress));
  }

  private void finish(End end) {
    boolean current =
        bench.settled(
            session -> bench.attempts().finish(session, picked, end, System.currentTimeMillis()));
    if (!current) {
      LOG.log(
          Level.WARNING,
          "another process has taken over " + Errors.title(picked) + ": it may run twice");
    }
  }
}
