package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Attempts.Progress;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes down what other systems say of tasks by themselves. */
final class Hearing implements Answers {
  private final Bench bench;
  private final Archive archive;

  Hearing(Bench bench, Archive archive) {
    this.bench = bench;
    this.archive = archive;
  }

  /**
   * What became of something that was said.
   *
   * @param taken whether it need not be said again
   * @param ended the task that it was the end of, or of an attempt at it; {@code null} if of none
   */
  private record Heard(boolean taken, @Nullable Ended ended) {
    static final Heard TAKEN = new Heard(true, null);
    static final Heard NOT_YET = new Heard(false, null);
  }

  private record Ended(Picked picked, String system) {}

  @Override
  public boolean take(String id, int attempt, ForeignStatus said) throws SQLException {
    long now = System.currentTimeMillis();
    Heard heard;
    try {
      heard =
          bench
              .writer()
              .submit(
                  said.phase() != Phase.PENDING, session -> heard(session, id, attempt, said, now))
              .join();
    } catch (CompletionException e) {
      throw new SQLException("the queue's database refused", e.getCause());
    }
    Ended ended = heard.ended();
    if (ended != null) {
      HandOffRun.written(bench, ended.picked(), ended.system(), said, now);
    }
    return heard.taken();
  }

  /** On the writer's thread. */
  private Heard heard(Session session, String id, int attempt, ForeignStatus said, long now)
      throws SQLException {
    TaskRecord task = archive.find(session, id).orElse(null);
    if (task == null || task.state().isFinal()) {
      return Heard.TAKEN;
    }
    if (attempt != 0 && task.attempt() != attempt && said.phase() != Phase.SUCCEEDED) {
      return Heard.TAKEN;
    }
    if (task.state() == TaskState.RUNNING) {
      return Heard.NOT_YET;
    }
    if (said.equals(ForeignStatus.pending())) {
      return Heard.TAKEN; // no news
    }
    if (said.phase() == Phase.PENDING) {
      bench
          .attempts()
          .progress(
              session,
              id,
              new Progress(said.done(), said.total(), Errors.trimmed(said.message(), 500)));
      return Heard.TAKEN;
    }
    Optional<Picked> picked = bench.attempts().pickOne(session, task.name(), id, bench.node(), now);
    if (picked.isEmpty()) {
      return Heard.NOT_YET; // somebody asks for it at this moment
    }
    HandOffRun.write(session, bench.attempts(), picked.get(), said, now);
    return new Heard(
        true,
        new Ended(picked.get(), Objects.requireNonNullElse(task.handedTo(), "another system")));
  }
}
