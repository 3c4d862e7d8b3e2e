package dev.postlude.rig;

import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for what another program does, which can only be asked again and again. */
public final class Eventually {
  private static final int SECONDS = 60;

  private Eventually() {}

  /** Asks until the answer is as hoped for, and returns it; or else the last one. */
  public static <T> T get(Callable<T> question, Predicate<T> hope) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    T answer = question.call();
    while (!hope.test(answer) && System.nanoTime() < end) {
      Thread.sleep(20);
      answer = question.call();
    }
    return answer;
  }
}
