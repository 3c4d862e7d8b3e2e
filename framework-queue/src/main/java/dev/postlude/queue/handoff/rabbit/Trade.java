package dev.postlude.queue.handoff.rabbit;

import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows to do for one type of tasks.
 *
 * @param payload what the payload is read as
 * @param threads how many it does at a time
 */
record Trade(
    String type, Type payload, TaskHandler<Object> handler, TaskPolicy policy, int threads) {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int MOST_RESULT = 64 << 10; // bytes
  private static final int MOST_ERROR = 4_000; // characters
  private static final int SUSPECT = 2;

  /** After how many lost processes a task is run alone, so that the last one is surely its own. */
  int suspectAfter() {
    return Math.min(SUSPECT, policy.maxCrashes() - 1);
  }

  /**
   * Does a task, on this thread.
   *
   * @return null when it was interrupted because it was called off, or because the worker stops
   */
  @Nullable ForeignStatus done(Job job, int crashes, Turn turn, TaskRun.ProgressSink progress) {
    Object value;
    try {
      value = Json.<Object>read(job.payload().getBytes(StandardCharsets.UTF_8), payload);
    } catch (HttpException | IllegalArgumentException e) {
      return ForeignStatus.failed(
          "the payload cannot be read as " + payload.getTypeName() + ": " + text(e));
    } catch (Throwable e) { // an error of the type's own, such as a class that is missing
      return failed(job, e);
    }
    if (value == null) {
      return ForeignStatus.failed("the payload is null");
    }
    TaskRun run =
        new TaskRun(job.id(), type, job.attempt(), crashes, job.enqueuedAt(), job.key(), progress);
    Object result = null;
    Throwable error = null;
    if (!turn.enter()) {
      return null;
    }
    try {
      result = handler.handle(value, run);
    } catch (Throwable e) {
      error = e;
    } finally {
      turn.leave();
    }
    if (turn.reason() == Turn.Reason.TIMEOUT) {
      return failed(job, new TimeoutException("took longer than " + policy.timeout()));
    }
    if (error == null) {
      return succeeded(job, result);
    }
    return turn.reason() == null ? failed(job, error) : null;
  }

  private ForeignStatus succeeded(Job job, @Nullable Object result) {
    if (result == null) {
      return ForeignStatus.succeeded(null);
    }
    try {
      byte[] json = Json.write(result);
      if (json.length <= MOST_RESULT) {
        return ForeignStatus.succeeded(new String(json, StandardCharsets.UTF_8));
      }
      LOG.log(
          Level.WARNING,
          "the result of " + job + " is not kept: " + json.length + " bytes are too many");
    } catch (Throwable e) { // whatever it is, the work is done
      LOG.log(Level.WARNING, "the result of " + job + " is not kept", e);
    }
    return ForeignStatus.succeeded(null);
  }

  private ForeignStatus failed(Job job, Throwable error) {
    Duration wait = null;
    if (!(error instanceof FatalTaskException)) {
      try {
        wait =
            policy
                .retry()
                .waitAfter(job.attempt(), error, ThreadLocalRandom.current().nextDouble());
      } catch (Throwable e) { // a condition of the app's own that threw, perhaps what it was given
        if (e != error) {
          error.addSuppressed(e);
        }
      }
    }
    return wait == null
        ? ForeignStatus.failed(text(error))
        : ForeignStatus.again(wait, text(error));
  }

  private static String text(Throwable error) {
    StringWriter text = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(text, true));
    } catch (Throwable e) { // its own message threw
      text.append(error.getClass().getName());
    }
    String all = text.toString().strip();
    return all.length() > MOST_ERROR ? all.substring(0, MOST_ERROR) : all;
  }
}
