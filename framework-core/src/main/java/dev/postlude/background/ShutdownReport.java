package dev.postlude.background;

import java.time.Duration;
import java.util.List;

/**
 * What a shutdown left behind.
 *
 * @param finished how many tasks ended between the call and the deadline, well or not
 * @param interrupted the tasks that still ran at the deadline
 * @param neverStarted the tasks that waited at the deadline: for their response, a slot, a delay or
 *     a retry
 * @param hooksCutOff how many requests had finish hooks that were not run to the end
 * @param took how long the shutdown took
 */
public record ShutdownReport(
    long finished,
    List<TaskReport> interrupted,
    List<TaskReport> neverStarted,
    int hooksCutOff,
    Duration took) {

  /** Keeps copies. */
  public ShutdownReport {
    interrupted = List.copyOf(interrupted);
    neverStarted = List.copyOf(neverStarted);
  }

  /** Tells whether nothing was cut off. */
  public boolean clean() {
    return interrupted.isEmpty() && neverStarted.isEmpty() && hooksCutOff == 0;
  }

  /**
   * One task that a shutdown cut off.
   *
   * @param name the name of the task
   * @param group the name of its group
   * @param route the route pattern of the request that it came from
   * @param requestId the id of that request
   * @param attempts how many attempts had been begun
   */
  public record TaskReport(
      String name, String group, String route, String requestId, int attempts) {}
}
