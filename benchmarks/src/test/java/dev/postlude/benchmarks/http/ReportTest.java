package dev.postlude.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Candidate OURS = Candidate.ALL.get(2);
  private static final Map<String, String> CONDITIONS = Map.of("machine", "a small one");
  private static final List<Row> ROWS = List.of(Row.PLAINTEXT, Row.TASK);

  private final Results results = new Results();

  @BeforeEach
  void measure() {
    results.started(OURS, Duration.ofMillis(300));
    results.started(Candidate.BASE, Duration.ofMillis(200));
    for (Row row : ROWS) {
      add(1, row, Candidate.BASE, 10);
      add(1, row, OURS, 8);
      add(2, row, Candidate.BASE, 20);
      add(2, row, OURS, 18);
      add(3, row, Candidate.BASE, 10);
      add(3, row, OURS, 7);
    }
  }

  private void add(int round, Row row, Candidate candidate, double micros) {
    Load load = new Load(1_000, 1, 0, 0.5, 2.5);
    results.add(new Results.Sample(round, row, candidate, load, micros, 4));
  }

  @Test
  void aRatioComparesWithinItsRound() {
    assertThat(results.ratio(Row.TASK, OURS)).contains(new Spread(0.8, 0.7, 0.9));
  }

  @Test
  void markdownTellsMedianAndSpreadUnderWhichConditions() {
    String text = MarkdownReport.write(results, ROWS, CONDITIONS);

    assertThat(text)
        .contains("* machine: a small one")
        .contains("| raw Netty | 1.00 | 1.00 |")
        .contains("| **Postlude, onEventLoop()** | 0.80 (0.70..0.90) | 0.80 (0.70..0.90) |");
  }

  @Test
  void latencyAtAFixedRateIsToldOfTheRowsThatWereAskedSo() {
    results.add(new Results.Paced(1, Row.TASK, OURS, new Latency(0.25, 1.5, 4)));
    results.add(new Results.Paced(2, Row.TASK, OURS, new Latency(0.35, 2.5, 5)));

    String text = MarkdownReport.write(results, List.of(Row.JSON, Row.TASK), CONDITIONS);

    assertThat(text.substring(text.indexOf("fixed rate")))
        .contains("| | after-response task |\n")
        .contains("| **Postlude, onEventLoop()** | 0.30 / 2.00 / 4.50 |\n");
    assertThat(JsonReport.write(results, CONDITIONS)).contains("\"p999Millis\" : 4.0");
  }

  @Test
  void withoutH2loadItIsSaidToBeMissing() {
    assertThat(MarkdownReport.write(results, ROWS, CONDITIONS))
        .contains("Latency at a fixed rate was not measured: h2load is not installed.");
  }

  @Test
  void whoIsLeftOutIsSaid() {
    results.leaveOut(Candidate.ALL.get(9), "it needs JDK 21");

    assertThat(MarkdownReport.write(results, ROWS, CONDITIONS))
        .contains("left out: Helidon SE, it needs JDK 21");
  }

  @Test
  void jsonHoldsEveryMeasurement() {
    assertThat(JsonReport.write(results, CONDITIONS).split("\"cpuMicros\"", -1)).hasSize(13);
  }

  @Test
  void theChartIsWellFormed() throws Exception {
    byte[] svg = Chart.draw(results, ROWS).getBytes(StandardCharsets.UTF_8);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));

    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4);
  }
}
