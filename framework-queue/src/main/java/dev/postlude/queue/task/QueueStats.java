package dev.postlude.queue.task;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How a queue is doing: a picture of one moment.
 *
 * @param counts how many tasks of each name the store has in each state, of all processes
 * @param unknownNames the names of waiting tasks that nothing is defined for in this process
 * @param unreachable the names of tasks that this process cannot hand to their system now, and why
 * @param oldestDue how long the oldest task has been waiting past its time; zero when none is
 * @param enqueued how many this process has stored since it started
 * @param succeeded how many attempts in this process went well since it started
 * @param failed how many failed
 * @param dead how many tasks were given up
 * @param running how many run in this process
 * @param runTime how long all attempts in this process took together
 */
public record QueueStats(
    Map<String, Map<TaskState, Long>> counts,
    Set<String> unknownNames,
    Map<String, String> unreachable,
    Duration oldestDue,
    long enqueued,
    long succeeded,
    long failed,
    long dead,
    int running,
    Duration runTime) {

  /** How many tasks of all names are in this state. */
  public long count(TaskState state) {
    return counts.values().stream().mapToLong(each -> each.getOrDefault(state, 0L)).sum();
  }
}
