package dev.postlude.background;

/** What is done about a task that failed for good. Runs on a background worker and may block. */
@FunctionalInterface
public interface ErrorAction {
  /** Called once, after the last attempt. What it throws is logged and changes nothing. */
  void onError(TaskContext context, Throwable error) throws Exception;
}
