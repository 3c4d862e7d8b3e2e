package dev.postlude.test;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Work that was accepted, and is asked about where its {@code Location} points. */
final class Accepted {
  private static final int PAUSE = 20; // milliseconds

  private final TestClient client;
  private final String location;

  Accepted(TestClient client, TestResponse accepted) {
    this.client = client;
    this.location =
        accepted
            .header("Location")
            .orElseThrow(
                () ->
                    new AssertionError(
                        "Nothing says how far this is: 202 with a Location comes of"
                            + " Response.accepted(task) beside routes.taskStatus(..).\n"
                            + accepted));
  }

  /** Asks until there is a result, or no word of asking again. */
  TestResponse end() {
    long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(client.settings().patience());
    for (; ; ) {
      TestResponse told = client.get(location);
      if (told.status() == 303) {
        return client.get(told.header("Location").orElseThrow());
      }
      if (told.header("Retry-After").isEmpty()) {
        return ended(told);
      }
      if (System.nanoTime() - until > 0) {
        throw new AssertionError(
            "After "
                + client.settings().patience()
                + " the work had not come to its end. To wait longer say waitAtMost(Duration).\n"
                + told);
      }
      pause();
    }
  }

  private TestResponse ended(TestResponse told) {
    boolean well = told.status() == 200 && "succeeded".equals(told.json(Map.class).get("status"));
    if (!well && client.settings().raises()) {
      throw new AssertionError("The work at " + location + " has not succeeded.\n" + told);
    }
    return told;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE); // other processes may be at it: nobody tells
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The test was interrupted while it waited.", e);
    }
  }
}
