package dev.postlude.queue.page;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.TaskContext;
import dev.postlude.queue.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the background tasks of this process are doing that are not stored: counts by name, and the
 * latest that came to an end. Stored ones, which this process only hands over, are left out.
 *
 * <p>Thread-safe. Of more than a thousand names the rest is counted together.
 */
final class InProcess implements BackgroundListener {
  private static final int RECENT = 30;
  private static final int NAMES = 1_000;
  private static final String REST = "(others)";

  private final TaskQueue queue;

  // Both are guarded by this.
  private final Map<String, Count> counts = new TreeMap<>();
  private final Deque<Recent> recent = new ArrayDeque<>(RECENT);

  InProcess(TaskQueue queue) {
    this.queue = queue;
  }

  /**
   * Tasks of one name.
   *
   * @param other rejected, skipped or abandoned
   */
  record Count(
      String name,
      long waiting,
      long running,
      long succeeded,
      long failed,
      long retried,
      long other) {
    Count plus(long waits, long runs, long well, long badly, long again, long others) {
      return new Count(
          name,
          waiting + waits,
          running + runs,
          succeeded + well,
          failed + badly,
          retried + again,
          other + others);
    }
  }

  /** A task that came to an end. */
  record Recent(
      String state, String name, String route, int attempt, Instant at, @Nullable String message) {}

  synchronized List<Count> counts() {
    return List.copyOf(counts.values());
  }

  /** The latest first. */
  synchronized List<Recent> recent() {
    return new ArrayList<>(recent);
  }

  @Override
  public void queued(TaskContext task) {
    count(task, 1, 0, 0, 0, 0, 0);
  }

  @Override
  public void started(TaskContext task) {
    count(task, -1, 1, 0, 0, 0, 0);
  }

  @Override
  public void succeeded(TaskContext task) {
    count(task, 0, -1, 1, 0, 0, 0);
    end("succeeded", task, null);
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    count(task, 0, -1, 0, 1, 0, 0);
    end("failed", task, error.toString());
  }

  @Override
  public void retried(TaskContext task, Throwable error, Duration wait) {
    count(task, 1, -1, 0, 0, 1, 0);
  }

  @Override
  public void rejected(TaskContext task) {
    count(task, 0, 0, 0, 0, 0, 1);
    end("rejected", task, "there was no place for it");
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    count(task, -1, 0, 0, 0, 0, 1);
    end("skipped", task, reason);
  }

  @Override
  public void abandoned(TaskContext task) {
    end("abandoned", task, "cut off by the shutdown");
  }

  private synchronized void count(
      TaskContext task, long waits, long runs, long well, long badly, long again, long others) {
    if (isStored(task)) {
      return;
    }
    String name = counts.containsKey(task.name()) || counts.size() < NAMES ? task.name() : REST;
    counts.merge(
        name,
        new Count(name, waits, runs, well, badly, again, others),
        (before, more) -> before.plus(waits, runs, well, badly, again, others));
  }

  private synchronized void end(String state, TaskContext task, @Nullable String message) {
    if (isStored(task)) {
      return;
    }
    if (recent.size() == RECENT) {
      recent.removeLast();
    }
    recent.addFirst(
        new Recent(state, task.name(), task.route(), task.attempt(), Instant.now(), message));
  }

  private boolean isStored(TaskContext task) {
    return queue.names().contains(task.name());
  }
}
