package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Body;
import dev.postlude.queue.task.QueueStats;
import dev.postlude.queue.task.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each figure under its own name, in Prometheus's text format. */
class MetricsTest {
  private static final QueueStats STATS =
      new QueueStats(
          Map.of(
              "b \"quoted\" \\ and\nbroken",
              Map.of(TaskState.HANDED_OFF, 2L),
              "a",
              Map.of(TaskState.DEAD, 3L, TaskState.QUEUED, 4L)),
          Set.of("unknown"),
          Map.of("a", "nobody is at home"),
          Duration.ofMillis(1_500),
          11,
          12,
          13,
          14,
          15,
          Duration.ofMillis(2_250));

  @Test
  void everyFigureStandsUnderItsNameAndLabelsAreEscaped() {
    InProcess.Count count = new InProcess.Count("mail \"x\"", 1, 2, 3, 4, 5, 6);
    Body.Bytes body = (Body.Bytes) Metrics.of(STATS, List.of(count)).body();

    String text = new String(body.array(), StandardCharsets.UTF_8);

    assertThat(text.lines().filter(line -> !line.startsWith("# HELP")))
        .containsExactly(
            "# TYPE postlude_queue_tasks gauge",
            "postlude_queue_tasks{name=\"a\",state=\"queued\"} 4",
            "postlude_queue_tasks{name=\"a\",state=\"dead\"} 3",
            "postlude_queue_tasks{name=\"b \\\"quoted\\\" \\\\ and\\nbroken\",state=\"handed_off\"}"
                + " 2",
            "# TYPE postlude_queue_oldest_due_seconds gauge",
            "postlude_queue_oldest_due_seconds 1.5",
            "# TYPE postlude_queue_unreachable gauge",
            "postlude_queue_unreachable{name=\"a\"} 1",
            "# TYPE postlude_queue_stored_total counter",
            "postlude_queue_stored_total 11",
            "# TYPE postlude_queue_attempts_succeeded_total counter",
            "postlude_queue_attempts_succeeded_total 12",
            "# TYPE postlude_queue_attempts_failed_total counter",
            "postlude_queue_attempts_failed_total 13",
            "# TYPE postlude_queue_dead_total counter",
            "postlude_queue_dead_total 14",
            "# TYPE postlude_queue_running gauge",
            "postlude_queue_running 15",
            "# TYPE postlude_queue_run_seconds_total counter",
            "postlude_queue_run_seconds_total 2.25",
            "# TYPE postlude_background_tasks_total counter",
            "postlude_background_tasks_total{name=\"mail \\\"x\\\"\",outcome=\"succeeded\"} 3",
            "postlude_background_tasks_total{name=\"mail \\\"x\\\"\",outcome=\"failed\"} 4",
            "postlude_background_tasks_total{name=\"mail \\\"x\\\"\",outcome=\"other\"} 6",
            "# TYPE postlude_background_running gauge",
            "postlude_background_running{name=\"mail \\\"x\\\"\"} 2",
            "# TYPE postlude_background_waiting gauge",
            "postlude_background_waiting{name=\"mail \\\"x\\\"\"} 1");
    assertThat(text).endsWith("\n");
  }
}
