package dev.postlude.test;

import dev.postlude.background.TaskContext;
import dev.postlude.test.TestTask.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has been heard of one background task. Guarded by the {@link Calls} that hear it. */
final class TaskTrace {
  private static final String INSIDE_A_TASK = "dev.postlude.background.Attempt";

  private TaskContext context;
  private Outcome outcome;
  private @Nullable Throwable error;
  private @Nullable Thread thread; // that started the running attempt
  private @Nullable Duration wait; // before the next attempt
  private String reason = "";

  TaskTrace(TaskContext queued) {
    this.context = queued;
    this.outcome = Outcome.QUEUED;
  }

  private void becomes(Outcome next, TaskContext latest, @Nullable Throwable failure) {
    outcome = next;
    context = latest;
    error = failure;
    thread = null;
    wait = null;
  }

  void started(TaskContext latest, Thread on) {
    becomes(Outcome.RUNNING, latest, null);
    thread = on;
  }

  /** Notes that a thread runs another task: if this one goes on, it does so without a thread. */
  void leftBy(Thread gone) {
    if (thread == gone) {
      thread = null;
    }
  }

  void retried(TaskContext latest, Throwable failure, Duration until) {
    becomes(Outcome.RETRYING, latest, failure);
    wait = until;
  }

  void ended(Outcome how, TaskContext latest) {
    becomes(how, latest, null);
  }

  void failed(TaskContext latest, Throwable failure) {
    becomes(Outcome.FAILED, latest, failure);
  }

  void skipped(TaskContext latest, String why) {
    becomes(Outcome.SKIPPED, latest, null);
    reason = why;
  }

  boolean hasEnded() {
    return outcome.isEnd();
  }

  boolean hasFailed() {
    return outcome == Outcome.FAILED;
  }

  TestTask picture() {
    return new TestTask(
        context.name(), outcome, context.attempt(), Optional.ofNullable(error), reason);
  }

  private String title() {
    String route = context.route().isEmpty() ? context.path() : context.route();
    return "\"" + context.name() + "\" of " + context.method() + " " + route;
  }

  /** Says what a task that has not ended is doing. */
  String doing() {
    return title()
        + switch (outcome) {
          case RUNNING ->
              " is running, attempt "
                  + context.attempt()
                  + (where() == null ? ": it waits for its CompletionStage" : "");
          case RETRYING -> " waits " + wait + " for its next attempt, after " + error;
          default ->
              " has not started: it waits for its turn, for a delay, or for a slot in group \""
                  + context.group().name()
                  + "\"";
        };
  }

  /** Shows where the thread is that is inside the task's code; null if none is. */
  @Nullable Throwable where() {
    Thread inside = thread;
    if (inside == null) {
      return null;
    }
    Throwable where = stackOf(title(), inside);
    // The thread that started an asynchronous task has left it, and may be anywhere.
    return Arrays.stream(where.getStackTrace())
            .anyMatch(at -> at.getClassName().equals(INSIDE_A_TASK))
        ? where
        : null;
  }

  /** Makes what is printed as a cause, with the stack of another thread. */
  static Throwable stackOf(String what, Thread thread) {
    Throwable where = new Throwable("this is where " + what + " is now, on " + thread.getName());
    where.setStackTrace(thread.getStackTrace());
    return where;
  }

  /** Makes what a test fails with because of this task. */
  AssertionError failure() {
    String attempts = context.attempt() > 1 ? " after " + context.attempt() + " attempts" : "";
    return new AssertionError(
        "The background task "
            + title()
            + " failed"
            + attempts
            + ": "
            + error
            + ". If the test expects that, make the call through raiseBackgroundErrors(false) and"
            + " look at response.tasks().",
        error);
  }
}
