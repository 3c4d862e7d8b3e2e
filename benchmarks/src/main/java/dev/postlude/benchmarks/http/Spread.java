package dev.postlude.benchmarks.http;

import java.util.List;
import java.util.Locale;

/** Several measurements of one thing: the middle one and how far the others lie apart. */
record Spread(double median, double least, double most) {
  /**
   * Of measurements.
   *
   * @param values one at least, or all is not a number
   */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** As {@code 0.97 (0.93..1.02)}. */
  String text(int decimals) {
    return number(median, decimals)
        + (least == most
            ? ""
            : " (" + number(least, decimals) + ".." + number(most, decimals) + ")");
  }

  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
