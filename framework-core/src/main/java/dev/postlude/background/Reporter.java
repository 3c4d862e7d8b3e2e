package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log, the listeners and the error actions what became of tasks. Whatever these throw is
 * logged and goes no further.
 */
final class Reporter {
  private static final Logger LOG = System.getLogger("dev.postlude.background");
  private static final int MAX_LOGGED = 200;

  private final List<BackgroundListener> listeners;
  private final List<ErrorAction> errorActions;

  Reporter(List<BackgroundListener> listeners, List<ErrorAction> errorActions) {
    this.listeners = listeners;
    this.errorActions = errorActions;
  }

  /** Tells whether anybody listens, for callers to whom it is a cost to say something. */
  boolean hasListeners() {
    return !listeners.isEmpty();
  }

  void queued(TaskContext task) {
    tell(listener -> listener.queued(task));
  }

  void started(TaskContext task) {
    tell(listener -> listener.started(task));
  }

  void succeeded(TaskContext task) {
    tell(listener -> listener.succeeded(task));
  }

  void retried(TaskContext task, Throwable error, Duration wait) {
    String what = title(task) + " failed and is tried again in " + TaskLog.seconds(wait);
    log(Level.WARNING, what + ": " + line(error), null);
    log(Level.DEBUG, what, error);
    tell(listener -> listener.retried(task, error, wait));
  }

  void timedOut(TaskContext task, Duration timeout) {
    tell(listener -> listener.timedOut(task, timeout));
  }

  void rejected(TaskContext task) {
    tell(listener -> listener.rejected(task));
  }

  void skipped(TaskContext task, String reason) {
    tell(listener -> listener.skipped(task, reason));
  }

  void abandoned(TaskContext task) {
    tell(listener -> listener.abandoned(task));
  }

  void busy(Exchange exchange) {
    tell(listener -> listener.busy(exchange));
  }

  void idle(Exchange exchange) {
    tell(listener -> listener.idle(exchange));
  }

  void progressed(TaskContext task, long done, long total, String message) {
    tell(listener -> listener.progressed(task, done, total, message));
  }

  /**
   * Reports a task that failed for good, in the context that it ran in: loggers and trackers want
   * to know that.
   */
  void failed(
      TaskContext task,
      Throwable error,
      @Nullable ErrorAction own,
      ContextCarrier.Snapshot carried) {
    ContextCarrier.Scope scope = carried.restore();
    try {
      log(Level.ERROR, title(task) + " failed.", error);
      if (own != null) {
        act(own, task, error);
      }
      for (ErrorAction action : errorActions) {
        act(action, task, error);
      }
      tell(listener -> listener.failed(task, error));
    } finally {
      scope.close();
    }
  }

  void slow(TaskContext task, Duration after, @Nullable Thread thread) {
    if (thread == null) {
      log(Level.WARNING, title(task) + " has been waiting for its stage for " + after + ".", null);
    } else {
      Throwable where = new Throwable("this is where it is now, on " + thread.getName());
      where.setStackTrace(thread.getStackTrace());
      log(Level.WARNING, title(task) + " has been running for " + after + ".", where);
    }
  }

  void hookFailed(Exchange exchange, Throwable error) {
    log(Level.ERROR, "A finish hook of " + title(exchange) + " failed.", error);
  }

  void shutDown(ShutdownReport report) {
    if (report.clean()) {
      log(
          Level.DEBUG,
          "All background tasks have ended; finished meanwhile: " + report.finished(),
          null);
      return;
    }
    StringBuilder text = new StringBuilder("Background tasks were cut off by the shutdown after ");
    text.append(report.took()).append("; finished meanwhile: ").append(report.finished());
    report.interrupted().forEach(task -> text.append("\n  interrupted: ").append(title(task)));
    report
        .neverStarted()
        .forEach(
            task ->
                text.append(task.attempts() > 0 ? "\n  not tried again: " : "\n  never started: ")
                    .append(title(task)));
    if (report.hooksCutOff() > 0) {
      text.append("\n  requests whose finish hooks did not end: ").append(report.hooksCutOff());
    }
    log(Level.WARNING, text.toString(), null);
  }

  /** Logs a trouble of the runner itself. */
  void trouble(String what, Throwable error) {
    log(Level.ERROR, what, error);
  }

  private void act(ErrorAction action, TaskContext task, Throwable error) {
    try {
      action.onError(task, error);
    } catch (Throwable again) {
      log(Level.ERROR, "An error action failed over " + title(task) + ".", again);
    }
  }

  private void tell(Consumer<BackgroundListener> what) {
    for (BackgroundListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (Throwable error) {
        log(Level.ERROR, "A background listener failed.", error);
      }
    }
  }

  private static void log(Level level, String message, @Nullable Throwable error) {
    try {
      LOG.log(level, message, error);
    } catch (Throwable unspeakable) {
      // A logger that fails, or no memory left to log with: the books must be kept all the same.
    }
  }

  /** An error's class and message, as far as it can tell. */
  private static String line(Throwable error) {
    String name = error.getClass().getName();
    try {
      String message = error.getMessage();
      return message == null ? name : name + ": " + clean(message);
    } catch (Throwable unspeakable) {
      return name;
    }
  }

  private static String title(TaskContext task) {
    return "Background task \""
        + clean(task.name())
        + "\" of "
        + title(task.exchange())
        + ", attempt "
        + task.attempt()
        + ",";
  }

  private static String title(Exchange exchange) {
    return clean(exchange.method())
        + " "
        + clean(exchange.route().isEmpty() ? "(no route)" : exchange.route())
        + " (request "
        + clean(exchange.requestId())
        + ")";
  }

  private static String title(ShutdownReport.TaskReport task) {
    return "\""
        + clean(task.name())
        + "\" of "
        + clean(task.route().isEmpty() ? "(no route)" : task.route())
        + " (request "
        + clean(task.requestId())
        + "), attempts: "
        + task.attempts();
  }

  /**
   * Names and ids come from outside: one must not be able to write a line of its own into the log.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_LOGGED));
    text.codePoints().limit(MAX_LOGGED).forEach(c -> clean.appendCodePoint(isPlain(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > MAX_LOGGED ? clean + "..." : clean.toString();
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
