package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import dev.postlude.context.ContextCarriers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a response carries: its tasks in order of attachment, each with the context that it was
 * attached in.
 */
public final class Tasks {
  private static final Tasks NONE = new Tasks(null, null, 0);
  private static final String NO_TASK = "A background task may not be null.";

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
   * @param directory where it will be found; null for one that this process keeps
   */
  record Entry(
      BackgroundTask task,
      ContextCarrier.Snapshot context,
      @Nullable String trackingId,
      @Nullable TaskDirectory directory) {}

  /** Returns the tasks of a response that has none. */
  public static Tasks none() {
    return NONE;
  }

  /** Returns a copy with the task appended, together with the context of the current thread. */
  public Tasks and(BackgroundTask task) {
    return append(task, null, null);
  }

  /**
   * Returns a copy with the task appended, to be told of under the id that it is stored by, or else
   * under a new one.
   */
  public Tasks andTracked(BackgroundTask task) {
    Objects.requireNonNull(task, NO_TASK);
    Storage storage = task.storage();
    return storage == null
        ? append(task, UUID.randomUUID().toString(), null)
        : append(task, storage.id(), storage.directory());
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

  /**
   * Returns where the task attached last can be asked for by its tracking id; null if it is not
   * tracked, or not stored: then the {@link TaskLog} of the app knows it.
   */
  public @Nullable TaskDirectory directory() {
    return last == null ? null : last.directory();
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

  private Tasks append(
      BackgroundTask task, @Nullable String trackingId, @Nullable TaskDirectory directory) {
    Objects.requireNonNull(task, NO_TASK);
    ContextCarrier.Snapshot context = ContextCarriers.current().capture();
    return new Tasks(this, new Entry(task, context, trackingId, directory), size + 1);
  }
}
