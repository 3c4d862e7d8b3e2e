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
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Takes down what other systems say of tasks by themselves. */
final class Hearing implements Answers {
  private final Bench bench;
  private final Archive archive;

  Hearing(Bench bench, Archive archive) {
    this.bench = bench;
    this.archive = archive;
  }

  @Override
  public boolean take(String id, int attempt, ForeignStatus said) throws SQLException {
    long now = System.currentTimeMillis();
    boolean taken;
    try {
      taken =
          bench
              .writer()
              .submit(
                  said.phase() != Phase.PENDING, session -> heard(session, id, attempt, said, now))
              .join();
    } catch (CompletionException e) {
      throw new SQLException("the queue's database refused", e.getCause());
    }
    if (taken) {
      HandOffRun.written(bench, said, now);
    }
    return taken;
  }

  /** On the writer's thread. */
  private boolean heard(Session session, String id, int attempt, ForeignStatus said, long now)
      throws SQLException {
    TaskRecord task = archive.find(session, id).orElse(null);
    if (task == null || task.state().isFinal()) {
      return true;
    }
    if (attempt != 0 && task.attempt() != attempt && said.phase() != Phase.SUCCEEDED) {
      return true;
    }
    if (task.state() == TaskState.RUNNING) {
      return false;
    }
    if (said.equals(ForeignStatus.pending())) {
      return true; // no news
    }
    if (said.phase() == Phase.PENDING) {
      bench
          .attempts()
          .progress(session, id, new Progress(said.done(), said.total(), said.message()));
      return true;
    }
    Optional<Picked> picked = bench.attempts().pickOne(session, task.name(), id, bench.node(), now);
    if (picked.isEmpty()) {
      return false; // somebody asks for it at this moment
    }
    HandOffRun.write(session, bench.attempts(), picked.get(), said, now);
    return true;
  }
}
