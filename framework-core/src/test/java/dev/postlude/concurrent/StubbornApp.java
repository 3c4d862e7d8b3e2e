package dev.postlude.concurrent;

import java.io.IOException;

/** A program for {@link StoppersTest}: the first of what it has to stop cannot be stopped. */
final class StubbornApp {
  private StubbornApp() {}

  public static void main(String[] args) throws IOException {
    Signals.register(
        () -> {
          throw new IllegalStateException("stuck");
        });
    Signals.register(() -> System.out.println("the other one stops"));
    System.out.println("ready");
    int end = System.in.read(); // which comes with the test's own end
    System.out.println(end);
  }
}
