package dev.postlude.benchmarks.http;

import dev.postlude.benchmarks.http.Results.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The results as tables. */
final class MarkdownReport {
  private final Results results;
  private final List<Row> rows;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(Results results, List<Row> rows) {
    this.results = results;
    this.rows = rows;
  }

  static String write(Results results, List<Row> rows, Map<String, String> conditions) {
    MarkdownReport report = new MarkdownReport(results, rows);
    conditions.forEach((name, value) -> report.line("* " + name + ": " + value));
    report.ratios();
    report.times();
    report.latencies();
    report.paced();
    report.footprints();
    report.leftOut();
    return report.text.toString();
  }

  private void ratios() {
    line("");
    line(
        "Server CPU per request as a multiple of raw Netty's, median (least..most); less is better:");
    table(row -> candidate -> results.ratio(row, candidate).map(ratio -> ratio.text(2)));
  }

  private void times() {
    line("");
    line(
        "The same in microseconds, and requests per second (which swing with the machine), medians:");
    table(
        row ->
            candidate ->
                median(row, candidate, Sample::cpuMicros, 1)
                    .flatMap(
                        micros ->
                            median(row, candidate, sample -> sample.load().perSecond(), 0)
                                .map(rate -> micros + " µs, " + rate + "/s")));
  }

  private void latencies() {
    line("");
    line("Latency under that load in milliseconds, p50 / p99, medians:");
    table(row -> candidate -> row.pipelined() > 1 ? Optional.empty() : latency(row, candidate));
  }

  private void paced() {
    line("");
    if (results.paced().isEmpty()) {
      line("Latency at a fixed rate was not measured: h2load is not installed.");
      return;
    }
    line("Latency at the fixed rate in milliseconds, p50 / p99 / p99.9, medians:");
    table(rows.stream().filter(H2load::asks).toList(), row -> candidate -> paced(row, candidate));
  }

  private Optional<String> paced(Row row, Candidate candidate) {
    return paced(row, candidate, Latency::p50)
        .flatMap(
            p50 ->
                paced(row, candidate, Latency::p99)
                    .flatMap(
                        p99 ->
                            paced(row, candidate, Latency::p999)
                                .map(p999 -> p50 + " / " + p99 + " / " + p999)));
  }

  private Optional<String> paced(Row row, Candidate candidate, ToDoubleFunction<Latency> what) {
    return results.paced(row, candidate, what).map(spread -> Spread.number(spread.median(), 2));
  }

  private Optional<String> latency(Row row, Candidate candidate) {
    return median(row, candidate, sample -> sample.load().p50(), 2)
        .flatMap(
            p50 ->
                median(row, candidate, sample -> sample.load().p99(), 2)
                    .map(p99 -> p50 + " / " + p99));
  }

  private Optional<String> median(
      Row row, Candidate candidate, ToDoubleFunction<Sample> what, int decimals) {
    return results
        .spread(row, candidate, what)
        .map(spread -> Spread.number(spread.median(), decimals));
  }

  private void table(Function<Row, Function<Candidate, Optional<String>>> cell) {
    table(rows, cell);
  }

  private void table(List<Row> columns, Function<Row, Function<Candidate, Optional<String>>> cell) {
    StringBuilder head = new StringBuilder("| |");
    StringBuilder rule = new StringBuilder("|---|");
    for (Row row : columns) {
      head.append(' ').append(row.title()).append(" |");
      rule.append("--:|");
    }
    line("");
    line(head.toString());
    line(rule.toString());
    for (Candidate candidate : results.candidates()) {
      StringBuilder line = new StringBuilder("| ").append(title(candidate)).append(" |");
      for (Row row : columns) {
        line.append(' ').append(cell.apply(row).apply(candidate).orElse("–")).append(" |");
      }
      line(line.toString());
    }
  }

  private static String title(Candidate candidate) {
    return candidate.isOurs() ? "**" + candidate.title() + "**" : candidate.title();
  }

  private void footprints() {
    line("");
    line("Start-up, memory and the rest:");
    line("");
    line(
        "| | start to first answer, ms | resident then, MB | resident after load, MB | heap after load and GC, MB | bytes of a plaintext answer | malformed fields refused | the task starts | tasks run out after load, ms |");
    line("|---|--:|--:|--:|--:|--:|--:|---|--:|");
    for (Candidate candidate : results.candidates()) {
      String memory =
          results
              .footprint(candidate)
              .map(
                  foot ->
                      megabytes(foot.idleResident(), 0)
                          + " | "
                          + megabytes(foot.loadedResident(), 0)
                          + " | "
                          + megabytes(foot.loadedHeap(), 1)
                          + " | "
                          + foot.answerSize()
                          + " | "
                          + foot.refusals()
                          + " of 2")
              .orElse("– | – | – | – | –");
      String drain = median(Row.TASK, candidate, Sample::drainMillis, 0).orElse("–");
      line(
          "| %s | %s | %s | %s | %s |"
              .formatted(
                  title(candidate),
                  results.startUp(candidate).text(0),
                  memory,
                  candidate.taskStart(),
                  drain));
    }
  }

  private static String megabytes(long bytes, int decimals) {
    return Spread.number(bytes / 1e6, decimals);
  }

  private void leftOut() {
    if (!results.leftOut().isEmpty()) {
      line("");
      results
          .leftOut()
          .forEach((candidate, why) -> line("* left out: " + candidate.title() + ", " + why));
    }
    long errors = results.samples().stream().mapToLong(sample -> sample.load().errors()).sum();
    line("");
    line("Answers other than 2xx, broken connections and time-outs: " + errors + ".");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
