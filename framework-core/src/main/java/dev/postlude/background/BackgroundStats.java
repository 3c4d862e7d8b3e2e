package dev.postlude.background;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of a runner's tasks at one moment, by the name of their group.
 *
 * @param groups the default group and those that were used so far, in order of their names
 */
public record BackgroundStats(Map<String, Group> groups) {

  /** Keeps a copy, in order. */
  public BackgroundStats {
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
  }

  /**
   * The counts of one group, of single tasks: a chain of three counts three.
   *
   * <p>When nothing is under way, {@code submitted == succeeded + failed + rejected + skipped +
   * abandoned}.
   *
   * @param submitted tasks offered, rejected ones included
   * @param succeeded tasks that ended well
   * @param failed tasks that failed for good
   * @param rejected tasks that found no place
   * @param skipped tasks that did not run because of an outcome, a failure before them in their
   *     chain, or a replaced response
   * @param abandoned tasks that a shutdown cut off
   * @param retried attempts that failed and were followed by another
   * @param timedOut attempts that ran into their timeout
   * @param running tasks that run now, or whose stage is pending
   * @param queued tasks that hold a place and do not run: not released yet, waiting for a slot, a
   *     delay or a retry
   * @param oldestAge how long ago the oldest task that has not ended was queued; zero when there is
   *     none
   */
  public record Group(
      long submitted,
      long succeeded,
      long failed,
      long rejected,
      long skipped,
      long abandoned,
      long retried,
      long timedOut,
      int running,
      int queued,
      Duration oldestAge) {}
}
