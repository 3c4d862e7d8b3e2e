package dev.postlude.examples;

import java.time.Duration;

/** The time that real work would take. Tests make it short: {@code -Dexamples.pace=0.01}. */
final class Pretend {
  private static final double PACE = Double.parseDouble(System.getProperty("examples.pace", "1"));

  private Pretend() {}

  static void work(Duration time) throws InterruptedException {
    Thread.sleep(paced(time).toMillis());
  }

  static Duration paced(Duration time) {
    return Duration.ofNanos(Math.round(time.toNanos() * PACE));
  }
}
