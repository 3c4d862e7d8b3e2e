package dev.postlude.benchmarks.http;

import java.util.List;
import java.util.Locale;

/**
 * The results as a picture: bars of CPU per request, a panel for each row, legible on light and on
 * dark.
 */
final class Chart {
  private static final int WIDTH = 920;
  private static final int COLUMNS = 2;
  private static final int LABELS = 150;
  private static final int NUMBERS = 44;
  private static final int LINE = 19;
  private static final int TITLE = 34;
  private static final int MARGIN = 16;

  /** Where bars end that are longer than this many times raw Netty's. */
  private static final double LONGEST = 2.5;

  private static final String STYLE =
      """
      <style>
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-weight: 600; font-size: 13px }
        .label { text-anchor: end }
        .peer { fill: #8c959f }
        .ours { fill: #1a7f64 }
        .spread { stroke: #24292f; stroke-width: 1 }
        .base { stroke: #cf222e; stroke-width: 1; stroke-dasharray: 3 3 }
        .back { fill: #ffffff }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .peer { fill: #6e7681 }
          .ours { fill: #3fb996 }
          .spread { stroke: #e6edf3 }
          .base { stroke: #ff7b72 }
          .back { fill: #0d1117 }
        }
      </style>
      """;

  private final Results results;
  private final List<Candidate> candidates;
  private final StringBuilder svg = new StringBuilder();

  private Chart(Results results) {
    this.results = results;
    this.candidates = results.candidates();
  }

  static String draw(Results results, List<Row> rows) {
    return new Chart(results).all(rows);
  }

  private String all(List<Row> rows) {
    int panel = TITLE + candidates.size() * LINE + MARGIN;
    int height = MARGIN + TITLE + (rows.size() + COLUMNS - 1) / COLUMNS * panel;
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img' aria-label='%s'>%n",
        WIDTH, height, "Server CPU per request compared with raw Netty");
    svg.append(STYLE);
    add("<rect class='back' width='%d' height='%d'/>%n", WIDTH, height);
    add(
        "<text class='title' x='%d' y='%d'>Server CPU per request as a multiple of raw Netty: shorter is better; the line is the spread</text>%n",
        MARGIN, MARGIN + 12);
    for (int i = 0; i < rows.size(); i++) {
      int x = MARGIN + i % COLUMNS * (WIDTH - MARGIN) / COLUMNS;
      panel(rows.get(i), x, MARGIN + TITLE + i / COLUMNS * panel);
    }
    return svg.append("</svg>\n").toString();
  }

  private void panel(Row row, int x, int y) {
    int zero = x + LABELS;
    double unit = ((WIDTH - MARGIN) / (double) COLUMNS - LABELS - NUMBERS - MARGIN) / LONGEST;
    add("<text class='title' x='%d' y='%d'>%s</text>%n", zero, y, row.title());
    int top = y + 10;
    for (Candidate candidate : candidates) {
      int at = top;
      results.ratio(row, candidate).ifPresent(ratio -> bar(candidate, ratio, zero, at, unit));
      top += LINE;
    }
    add(
        "<line class='base' x1='%1$.1f' x2='%1$.1f' y1='%2$d' y2='%3$d'/>%n",
        zero + unit, y + 6, top);
  }

  private void bar(Candidate candidate, Spread ratio, int zero, int y, double unit) {
    double length = Math.min(ratio.median(), LONGEST) * unit;
    String title = candidate.title();
    add("<text class='label' x='%d' y='%d'>%s</text>%n", zero - 6, y + 12, title);
    add(
        "<rect class='%s' x='%d' y='%d' width='%.1f' height='%d' rx='2'/>%n",
        candidate.isOurs() ? "ours" : "peer", zero, y + 2, length, LINE - 5);
    if (ratio.most() <= LONGEST && ratio.most() > ratio.least()) {
      add(
          "<line class='spread' x1='%.1f' x2='%.1f' y1='%3$.1f' y2='%3$.1f'/>%n",
          zero + ratio.least() * unit, zero + ratio.most() * unit, y + LINE / 2.0);
    }
    double end = Math.max(length, Math.min(ratio.most(), LONGEST) * unit);
    add(
        "<text x='%.1f' y='%d'>%s</text>%n",
        zero + end + 5, y + 12, Spread.number(ratio.median(), 2));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
