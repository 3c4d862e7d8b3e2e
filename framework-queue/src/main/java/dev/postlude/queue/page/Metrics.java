package dev.postlude.queue.page;

import dev.postlude.http.Response;
import dev.postlude.queue.task.QueueStats;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures in Prometheus's text format, version 0.0.4. */
final class Metrics {
  private final StringBuilder text = new StringBuilder(1024);

  private Metrics() {}

  static Response of(QueueStats stats, List<InProcess.Count> inProcess) {
    Metrics metrics = new Metrics();
    metrics.queue(stats);
    metrics.process(inProcess);
    return Response.bytes(
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void queue(QueueStats stats) {
    head("postlude_queue_tasks", "gauge", "Tasks in the store, of all processes.");
    new TreeMap<>(stats.counts())
        .forEach(
            (name, states) ->
                new TreeMap<>(states)
                    .forEach(
                        (state, count) ->
                            line(
                                "postlude_queue_tasks",
                                Map.of("name", name, "state", Pictures.word(state)),
                                count)));
    head("postlude_queue_oldest_due_seconds", "gauge", "How long the oldest due task has waited.");
    line("postlude_queue_oldest_due_seconds", Map.of(), stats.oldestDue().toMillis() / 1000.0);
    head("postlude_queue_unreachable", "gauge", "Tasks that cannot be handed to their system.");
    new TreeMap<>(stats.unreachable())
        .keySet()
        .forEach(name -> line("postlude_queue_unreachable", Map.of("name", name), 1));
    counter("postlude_queue_stored_total", "Tasks that this process has stored.", stats.enqueued());
    counter(
        "postlude_queue_attempts_succeeded_total",
        "Attempts in this process that went well.",
        stats.succeeded());
    counter(
        "postlude_queue_attempts_failed_total",
        "Attempts in this process that failed.",
        stats.failed());
    counter("postlude_queue_dead_total", "Tasks that this process gave up.", stats.dead());
    head("postlude_queue_running", "gauge", "Attempts that run in this process.");
    line("postlude_queue_running", Map.of(), stats.running());
    counter(
        "postlude_queue_run_seconds_total",
        "How long all attempts in this process took together.",
        stats.runTime().toMillis() / 1000.0);
  }

  private void process(List<InProcess.Count> counts) {
    head("postlude_background_tasks_total", "counter", "In-process tasks by how they ended.");
    for (InProcess.Count count : counts) {
      ended(count.name(), "succeeded", count.succeeded());
      ended(count.name(), "failed", count.failed());
      ended(count.name(), "other", count.other());
    }
    head("postlude_background_running", "gauge", "In-process tasks that run.");
    for (InProcess.Count count : counts) {
      line("postlude_background_running", Map.of("name", count.name()), count.running());
    }
    head("postlude_background_waiting", "gauge", "In-process tasks that wait.");
    for (InProcess.Count count : counts) {
      line("postlude_background_waiting", Map.of("name", count.name()), count.waiting());
    }
  }

  private void ended(String name, String outcome, long count) {
    line("postlude_background_tasks_total", Map.of("name", name, "outcome", outcome), count);
  }

  private void counter(String name, String help, Number value) {
    head(name, "counter", help);
    line(name, Map.of(), value);
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, Map<String, String> labels, Number value) {
    text.append(name);
    String separator = "{";
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      text.append(separator).append(label.getKey()).append("=\"");
      text.append(escape(label.getValue())).append('"');
      separator = ",";
    }
    text.append(labels.isEmpty() ? " " : "} ");
    text.append(value).append('\n');
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
