package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import dev.postlude.context.ContextCarriers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a response carries: its tasks in order of attachment, each with the context that it was
 * attached in.
 */
public final class Tasks {
  private static final Tasks NONE = new Tasks(null, null, 0);

  // A list that is shared from its end: appending copies nothing, and a response is never changed.
  private final @Nullable Tasks before;
  private final @Nullable Entry last;
  private final int size;

  private Tasks(@Nullable Tasks before, @Nullable Entry last, int size) {
    this.before = before;
    this.last = last;
    this.size = size;
  }

  /**
   * One task as it was attached.
   *
   * @param context the context of the thread that attached it
   * @param trackingId the id to find it by afterwards, if somebody will ask
   */
  record Entry(BackgroundTask task, ContextCarrier.Snapshot context, @Nullable String trackingId) {}

  /** Returns the tasks of a response that has none. */
  public static Tasks none() {
    return NONE;
  }

  /** Returns a copy with the task appended, together with the context of the current thread. */
  public Tasks and(BackgroundTask task) {
    return append(task, null);
  }

  /** Returns a copy with the task appended, to be told of under this id. */
  public Tasks and(BackgroundTask task, String trackingId) {
    return append(task, Objects.requireNonNull(trackingId, "A tracking id may not be null."));
  }

  /**
   * Returns a copy with all tasks of another list appended, each in the context that it was
   * attached in.
   */
  public Tasks and(Tasks more) {
    Objects.requireNonNull(more, "Tasks to append may not be null, but Tasks.none().");
    Tasks all = this;
    for (Entry entry : more.entries()) {
      all = new Tasks(all, entry, all.size + 1);
    }
    return all;
  }

  /** Returns the id that the task attached last is tracked by, or null if it is not. */
  public @Nullable String trackingId() {
    return last == null ? null : last.trackingId();
  }

  /** Tells whether there is no task. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns the tasks in order of attachment. */
  public List<BackgroundTask> list() {
    return Arrays.stream(entries()).map(Entry::task).toList();
  }

  Entry[] entries() {
    Entry[] entries = new Entry[size];
    Tasks at = this;
    for (int i = size - 1; i >= 0 && at != null; i--) {
      entries[i] = Objects.requireNonNull(at.last);
      at = at.before;
    }
    return entries;
  }

  private Tasks append(BackgroundTask task, @Nullable String trackingId) {
    Objects.requireNonNull(task, "A background task may not be null.");
    ContextCarrier.Snapshot context = ContextCarriers.current().capture();
    return new Tasks(this, new Entry(task, context, trackingId), size + 1);
  }
}
