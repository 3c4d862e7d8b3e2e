package dev.postlude.background;

import dev.postlude.background.TaskStatus.Phase;
import dev.postlude.background.TaskStatus.Step;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What became of the tasks that clients may ask for, remembered for a bounded number and time. In
 * memory: it is gone with the process, as the tasks are.
 *
 * <p>Thread-safe. As a listener it sees all tasks and remembers those with a tracking id.
 */
public final class TaskLog implements BackgroundListener, TaskDirectory {
  private static final int DEFAULT_ENTRIES = 10_000;
  private static final Duration DEFAULT_AGE = Duration.ofHours(1);
  private static final int LOOKED_AT = 16;

  private final int maxEntries;
  private final Duration maxAge;
  private final Clock clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** The steps of one tracked id by their positions. */
  private static final class Entry {
    final Map<Integer, Step> steps = new TreeMap<>();
    Instant changedAt = Instant.EPOCH;

    boolean isFinal() {
      return steps.values().stream().allMatch(step -> step.status().isFinal());
    }
  }

  private TaskLog(int maxEntries, Duration maxAge, Clock clock) {
    this.maxEntries = maxEntries;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /** A log of 10,000 entries, each kept for an hour after its end. */
  public static TaskLog create() {
    return bounded(DEFAULT_ENTRIES, DEFAULT_AGE);
  }

  /**
   * A log with bounds of its own.
   *
   * @param maxEntries how many are remembered at most, 1 or more; beyond it the oldest is
   *     forgotten, a finished one if there is one
   * @param maxAge how long one is remembered after its end
   */
  public static TaskLog bounded(int maxEntries, Duration maxAge) {
    return bounded(maxEntries, maxAge, Clock.systemUTC());
  }

  /** A log with bounds and a clock of its own. */
  public static TaskLog bounded(int maxEntries, Duration maxAge, Clock clock) {
    if (maxEntries < 1) {
      throw new IllegalArgumentException(
          "A task log remembers 1 entry or more, not " + maxEntries + ".");
    }
    if (maxAge.isZero() || maxAge.isNegative()) {
      throw new IllegalArgumentException(
          "A task log remembers for longer than no time, not for " + maxAge + ".");
    }
    return new TaskLog(maxEntries, maxAge, clock);
  }

  @Override
  public synchronized Optional<TaskStatus> find(String id) {
    Entry entry = entries.get(id);
    return entry == null || isOld(entry)
        ? Optional.empty()
        : Optional.of(TaskStatus.of(id, new ArrayList<>(entry.steps.values())));
  }

  /** The number of ids that are remembered. */
  public synchronized int size() {
    entries.values().removeIf(this::isOld);
    return entries.size();
  }

  @Override
  public synchronized void queued(TaskContext task) {
    if (!task.isTracked()) {
      return;
    }
    forgetOld();
    Entry entry = entries.computeIfAbsent(task.id(), id -> new Entry());
    entry.changedAt = clock.instant();
    entry.steps.put(
        task.position(),
        new Step(task.name(), Phase.PENDING, 0, task.queuedAt(), null, null, 0, 0, ""));
    forgetBeyondBound();
  }

  @Override
  public void started(TaskContext task) {
    change(task, step -> step(task, step, Phase.RUNNING, step.message()));
  }

  @Override
  public void succeeded(TaskContext task) {
    change(task, step -> step(task, step, Phase.SUCCEEDED, step.message()));
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    String message =
        "failed after " + task.attempt() + (task.attempt() == 1 ? " attempt" : " attempts");
    change(task, step -> step(task, step, Phase.FAILED, message));
  }

  @Override
  public void retried(TaskContext task, Throwable error, Duration wait) {
    String message =
        "attempt " + task.attempt() + " failed, the next follows after " + seconds(wait);
    change(task, step -> step(task, step, Phase.RUNNING, message));
  }

  static String seconds(Duration wait) {
    return BigDecimal.valueOf(wait.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  @Override
  public void rejected(TaskContext task) {
    change(task, step -> step(task, step, Phase.SKIPPED, "rejected: there was no place for it"));
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    change(task, step -> step(task, step, Phase.SKIPPED, reason));
  }

  @Override
  public void abandoned(TaskContext task) {
    change(task, step -> step(task, step, Phase.FAILED, "cut off by the server's shutdown"));
  }

  @Override
  public void progressed(TaskContext task, long done, long total, String message) {
    change(
        task,
        step ->
            new Step(
                step.name(),
                step.status(),
                step.attempts(),
                step.queuedAt(),
                step.startedAt(),
                step.finishedAt(),
                done,
                total,
                message));
  }

  private Step step(TaskContext task, Step before, Phase phase, String message) {
    return new Step(
        before.name(),
        phase,
        Math.max(before.attempts(), task.attempt()),
        before.queuedAt(),
        task.startedAt() == null ? before.startedAt() : task.startedAt(),
        phase.isFinal() ? clock.instant() : null,
        before.done(),
        before.total(),
        message);
  }

  private synchronized void change(TaskContext task, UnaryOperator<Step> change) {
    Entry entry = task.isTracked() ? entries.get(task.id()) : null;
    if (entry != null) {
      entry.changedAt = clock.instant();
      entry.steps.computeIfPresent(task.position(), (position, step) -> change.apply(step));
    }
  }

  private boolean isOld(Entry entry) {
    return entry.isFinal() && entry.changedAt.plus(maxAge).isBefore(clock.instant());
  }

  /**
   * Looks at the oldest few only, each time: what is forgotten a little later is still bounded in
   * number.
   */
  private void forgetOld() {
    Iterator<Entry> oldest = entries.values().iterator();
    for (int i = 0; i < LOOKED_AT && oldest.hasNext(); i++) {
      if (isOld(oldest.next())) {
        oldest.remove();
      }
    }
  }

  private void forgetBeyondBound() {
    if (entries.size() <= maxEntries) {
      return;
    }
    Iterator<Entry> oldest = entries.values().iterator();
    for (int i = 0; i < LOOKED_AT && oldest.hasNext(); i++) {
      if (oldest.next().isFinal()) {
        oldest.remove();
        return;
      }
    }
    entries.remove(entries.keySet().iterator().next());
  }
}
