package dev.postlude.http;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Tasks;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than the expected one, thrown from anywhere under a handler. Its detail is shown
 * to the client; its cause never is.
 */
public class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final transient Headers headers;
  private final transient Tasks tasks;

  /**
   * An error answer.
   *
   * @param status 400 to 599
   * @param detail one sentence for the client
   */
  public HttpException(int status, String detail) {
    this(Problem.of(status, detail));
  }

  /**
   * An error answer which says more than a sentence: {@code new HttpException(Problem.of(422,
   * "...").with("errors", errors))}.
   *
   * @param problem its status is 400 to 599
   */
  public HttpException(Problem problem) {
    this(problem, Headers.empty(), Tasks.none(), null);
  }

  private HttpException(Problem problem, Headers headers, Tasks tasks, @Nullable Throwable cause) {
    super(problem.status() + " " + problem.detail(), cause);
    if (problem.status() < 400 || problem.status() > 599) {
      throw new IllegalArgumentException(
          "an HttpException has a status from 400 to 599, not " + problem.status());
    }
    this.problem = problem;
    this.headers = headers;
    this.tasks = tasks;
  }

  /** A copy with one more header, replacing any of that name. */
  public HttpException header(String name, String value) {
    return new HttpException(problem, headers.with(name, value), tasks, getCause());
  }

  /** A copy with a cause, for the log only. */
  public HttpException causedBy(Throwable cause) {
    return new HttpException(problem, headers, tasks, cause);
  }

  /** A copy whose answer carries one more background task. */
  public HttpException background(BackgroundTask task) {
    return new HttpException(problem, headers, tasks.and(task), getCause());
  }

  /** A copy whose answer carries one more background task. */
  public HttpException background(String name, BackgroundTask.Action action) {
    return background(BackgroundTask.of(name, action));
  }

  /** The status, 400 to 599. */
  public int status() {
    return problem.status();
  }

  /** The sentence that the client gets to see. */
  public String detail() {
    return problem.detail();
  }

  /** All that the client gets to see. */
  public Problem problem() {
    return problem;
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
