package dev.postlude.queue.task;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One attempt at a task, as its handler sees it. Safe for any thread. */
public final class TaskRun {
  private final String id;
  private final String name;
  private final int attempt;
  private final int crashes;
  private final Instant enqueuedAt;
  private final @Nullable String key;
  private final ProgressSink progress;

  /** Who is told of progress. */
  @FunctionalInterface
  public interface ProgressSink {
    /** Takes note; must not block. */
    void progressed(long done, long total, String message);
  }

  /** Made by the queue, and by whoever tests a handler. */
  public TaskRun(
      String id,
      String name,
      int attempt,
      int crashes,
      Instant enqueuedAt,
      @Nullable String key,
      ProgressSink progress) {
    this.id = id;
    this.name = name;
    this.attempt = attempt;
    this.crashes = crashes;
    this.enqueuedAt = enqueuedAt;
    this.key = key;
    this.progress = progress;
  }

  /** Identifies the task: the same for every attempt. */
  public String id() {
    return id;
  }

  /** Names the type of the task. */
  public String name() {
    return name;
  }

  /** Counts the attempts, from 1. One that a shutdown cut off does not count. */
  public int attempt() {
    return attempt;
  }

  /** Counts the attempts during which the process ended. */
  public int crashes() {
    return crashes;
  }

  /** Tells when it was stored first. */
  public Instant enqueuedAt() {
    return enqueuedAt;
  }

  /** Returns the idempotency key that it was stored under; null when there was none. */
  public @Nullable String key() {
    return key;
  }

  /**
   * Tells those who ask how far it is. Stored at most once a second, and once more at the end.
   *
   * @param done how much is done, zero or more
   * @param total how much there is in all; 0 when that is not known
   * @throws IllegalArgumentException if done or total is negative
   */
  public void progress(long done, long total, String message) {
    Objects.requireNonNull(message, "progress() needs a message, if only an empty one.");
    if (done < 0 || total < 0) {
      throw new IllegalArgumentException(
          "progress() takes numbers of zero or more: " + done + " of " + total);
    }
    progress.progressed(done, total, message);
  }

  @Override
  public String toString() {
    return "TaskRun[" + name + ", " + id + ", attempt " + attempt + "]";
  }
}
