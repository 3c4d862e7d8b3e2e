package dev.postlude.queue.task;

/** Where a queued task is on its way. The package {@code dev.postlude.queue} draws the way. */
public enum TaskState {
  /** Stored, and held back until its response was written, or until the hold expires. */
  HELD,

  /** Waits for its time, and for a worker that knows its name. */
  QUEUED,

  /** A worker is at it. */
  RUNNING,

  /** Has failed, or has lost its process, and waits for its next attempt. */
  RETRYING,

  /** Done. */
  SUCCEEDED,

  /** Given up: a dead letter. Kept until somebody runs it again or removes it. */
  DEAD,

  /** Called off before it was done. */
  CANCELLED,

  /** Published to another system, which has it now. */
  HANDED_OFF;

  /** Tells whether nothing will change any more, unless somebody asks for it. */
  public boolean isFinal() {
    return this == SUCCEEDED || this == DEAD || this == CANCELLED;
  }
}
