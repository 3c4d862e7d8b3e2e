package dev.postlude.benchmarks.http;

/**
 * How long answers took, in milliseconds.
 *
 * @param p50 what half of them stayed under
 * @param p99 what 99 of 100 stayed under
 * @param p999 what 999 of 1,000 stayed under
 */
record Latency(double p50, double p99, double p999) {
  /**
   * Of measurements in microseconds.
   *
   * @param sorted one at least, the shortest first
   */
  static Latency of(long[] sorted) {
    return new Latency(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)] / 1e3;
  }
}
