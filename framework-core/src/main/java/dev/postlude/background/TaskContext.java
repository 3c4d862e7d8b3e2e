package dev.postlude.background;

import dev.postlude.context.Attributes;
import dev.postlude.context.Key;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a task knows of itself and of the request that it came from.
 *
 * <p>One picture for each attempt: immutable, readable from any thread, and safe to keep.
 */
public final class TaskContext {
  private final @Nullable String trackingId;
  private final int position;
  private final String name;
  private final TaskGroup group;
  private final Exchange exchange;
  private final Instant queuedAt;
  private final int attempt;
  private final @Nullable Instant startedAt;
  private final Progress progress;

  TaskContext(
      @Nullable String trackingId,
      int position,
      String name,
      TaskGroup group,
      Exchange exchange,
      Instant queuedAt,
      int attempt,
      @Nullable Instant startedAt,
      Progress progress) {
    this.trackingId = trackingId;
    this.position = position;
    this.name = name;
    this.group = group;
    this.exchange = exchange;
    this.queuedAt = queuedAt;
    this.attempt = attempt;
    this.startedAt = startedAt;
    this.progress = progress;
  }

  /** Who is told of progress. */
  interface Progress {
    void progressed(TaskContext task, long done, long total, String message);
  }

  /**
   * Identifies the task: the id that it is tracked by, shared by all tasks of a tracked chain;
   * otherwise the request's id, a slash and the {@link #position}.
   */
  public String id() {
    return trackingId != null ? trackingId : exchange.requestId() + "/" + position;
  }

  /** Tells whether the task was attached with an id to find it by afterwards. */
  public boolean isTracked() {
    return trackingId != null;
  }

  /** Counts the single tasks of one response, from 1. */
  public int position() {
    return position;
  }

  public String name() {
    return name;
  }

  public TaskGroup group() {
    return group;
  }

  /** Counts the attempts, from 1; 0 when none has started. */
  public int attempt() {
    return attempt;
  }

  /** Returns all that is known of the request. */
  public Exchange exchange() {
    return exchange;
  }

  public String requestId() {
    return exchange.requestId();
  }

  public String method() {
    return exchange.method();
  }

  public String path() {
    return exchange.path();
  }

  public String route() {
    return exchange.route();
  }

  public int status() {
    return exchange.status();
  }

  public long bytesWritten() {
    return exchange.bytesWritten();
  }

  public Outcome outcome() {
    return exchange.outcome();
  }

  /** Tells when the task took its place, before the response was written. */
  public Instant queuedAt() {
    return queuedAt;
  }

  /** Tells when this attempt started; null when none has. */
  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public Attributes attributes() {
    return exchange.attributes();
  }

  /**
   * Returns an attribute of the request: {@code task.get(USER)}.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public <T> T get(Key<T> key) {
    return exchange.attributes().get(key);
  }

  /** Finds an attribute of the request, or nothing. */
  public <T> Optional<T> attribute(Key<T> key) {
    return exchange.attributes().find(key);
  }

  /**
   * Tells the listeners how far the task is. Ignored once the attempt has ended.
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
    progress.progressed(this, done, total, message);
  }

  @Override
  public String toString() {
    return "TaskContext[" + name + ", " + id() + ", attempt " + attempt + "]";
  }
}
