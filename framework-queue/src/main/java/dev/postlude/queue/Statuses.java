package dev.postlude.queue;

import dev.postlude.background.TaskStatus;
import dev.postlude.background.TaskStatus.Phase;
import dev.postlude.background.TaskStatus.Step;
import dev.postlude.queue.engine.Engine;
import dev.postlude.queue.task.QueueStats;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is stored, made into what is asked for. */
final class Statuses {
  private Statuses() {}

  /** What a client may know of a task: no error, no payload. */
  static TaskStatus of(TaskRecord task) {
    Step step =
        new Step(
            task.name(),
            phase(task),
            task.attempt(),
            task.enqueuedAt(),
            task.startedAt(),
            task.finishedAt(),
            task.done(),
            task.total(),
            message(task));
    return new TaskStatus(task.id(), step.status(), List.of(step), task.result());
  }

  /** What the task says of itself; what became of it says more. */
  private static String message(TaskRecord task) {
    return switch (task.state()) {
      case RETRYING, DEAD, CANCELLED -> said(task);
      default -> task.message().isEmpty() ? said(task) : task.message();
    };
  }

  private static Phase phase(TaskRecord task) {
    return switch (task.state()) {
      case HELD, QUEUED -> Phase.PENDING;
      case RUNNING, RETRYING -> Phase.RUNNING;
      case HANDED_OFF -> task.finishedAt() == null ? Phase.RUNNING : Phase.SUCCEEDED;
      case SUCCEEDED -> Phase.SUCCEEDED;
      case DEAD -> Phase.FAILED;
      case CANCELLED -> Phase.SKIPPED;
    };
  }

  private static String said(TaskRecord task) {
    return switch (task.state()) {
      case RETRYING -> "attempt " + task.attempt() + " failed, the next follows";
      case HANDED_OFF -> "handed to " + task.handedTo();
      case DEAD ->
          "failed after " + task.attempt() + (task.attempt() == 1 ? " attempt" : " attempts");
      case CANCELLED -> "cancelled";
      default -> "";
    };
  }

  static QueueStats stats(Engine engine, Set<String> defined) throws SQLException {
    long now = System.currentTimeMillis();
    Map<String, Map<TaskState, Long>> counts =
        engine.read((archive, session) -> archive.counts(session));
    Map<String, Long> due = engine.read((archive, session) -> archive.oldestDue(session, now));
    long oldest = due.values().stream().mapToLong(Long::longValue).min().orElse(now);
    Set<String> unknown = new TreeSet<>();
    counts.forEach(
        (name, states) -> {
          boolean open =
              states.keySet().stream()
                  .anyMatch(state -> !state.isFinal() && state != TaskState.HANDED_OFF);
          if (open && !defined.contains(name)) {
            unknown.add(name);
          }
        });
    Engine.Done done = engine.done();
    return new QueueStats(
        counts,
        unknown,
        engine.unreachable(),
        Duration.ofMillis(now - oldest),
        done.enqueued(),
        done.succeeded(),
        done.failed(),
        done.dead(),
        done.running(),
        done.runTime());
  }
}
