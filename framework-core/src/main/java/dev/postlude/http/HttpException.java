package dev.postlude.http;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Tasks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than the expected one, thrown from anywhere under a handler. Its detail is shown
 * to the client; its cause never is.
 */
public class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String detail;
  private final transient Headers headers;
  private final transient Tasks tasks;

  /**
   * An error answer.
   *
   * @param status 400 to 599
   * @param detail one sentence for the client
   */
  public HttpException(int status, String detail) {
    this(status, detail, Headers.empty(), Tasks.none(), null);
  }

  private HttpException(
      int status, String detail, Headers headers, Tasks tasks, @Nullable Throwable cause) {
    super(status + " " + detail, cause);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "an HttpException has a status from 400 to 599, not " + status);
    }
    this.status = status;
    this.detail = Objects.requireNonNull(detail, "detail");
    this.headers = headers;
    this.tasks = tasks;
  }

  /** A copy with one more header, replacing any of that name. */
  public HttpException header(String name, String value) {
    return new HttpException(status, detail, headers.with(name, value), tasks, getCause());
  }

  /** A copy with a cause, for the log only. */
  public HttpException causedBy(Throwable cause) {
    return new HttpException(status, detail, headers, tasks, cause);
  }

  /** A copy whose answer carries one more background task. */
  public HttpException background(BackgroundTask task) {
    return new HttpException(status, detail, headers, tasks.and(task), getCause());
  }

  /** A copy whose answer carries one more background task. */
  public HttpException background(String name, BackgroundTask.Action action) {
    return background(BackgroundTask.of(name, action));
  }

  /** The status, 400 to 599. */
  public int status() {
    return status;
  }

  /** The sentence that the client gets to see. */
  public String detail() {
    return detail;
  }

  /** The tasks that run after the answer. */
  public Tasks tasks() {
    return tasks;
  }

  /** Headers of the answer, such as {@code Retry-After}. */
  public Headers headers() {
    return headers;
  }
}
