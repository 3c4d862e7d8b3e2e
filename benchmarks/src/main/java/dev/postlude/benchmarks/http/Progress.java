package dev.postlude.benchmarks.http;

import java.util.Locale;

/** Tells on the standard output how far it is and how long it will take. */
final class Progress {
  private final int planned;
  private final long begin = System.nanoTime();
  private int passed;

  /**
   * Begins now.
   *
   * @param planned the seconds that all steps would take if nothing but their own time passed
   */
  Progress(int planned) {
    this.planned = planned;
  }

  /**
   * Tells of a step that is over.
   *
   * @param seconds how many of the planned ones it took
   */
  void step(int seconds, String what) {
    passed += seconds;
    double real = (System.nanoTime() - begin) / 1e9;
    double left = real / passed * (planned - passed);
    System.out.printf(
        Locale.ROOT,
        "[%3d %%, %d:%02d left] %s%n",
        100 * passed / planned,
        (int) left / 60,
        (int) left % 60,
        what);
  }
}
