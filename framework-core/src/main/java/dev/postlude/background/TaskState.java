package dev.postlude.background;

/** Where a single task is on its way. {@code Leaf} draws the way. */
enum TaskState {
  WAITING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  REJECTED,
  SKIPPED,
  ABANDONED;

  boolean ended() {
    return this != WAITING && this != RUNNING;
  }
}
