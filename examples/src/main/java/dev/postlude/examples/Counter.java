package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.time.Duration;

/** A page at once, and a counter that slowly counts in the terminal: FastHTML's example. */
public final class Counter {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <title>Counter</title>
      <h1>Background task example</h1>
      <p>This page is complete. Now look at the terminal.</p>
      """;

  private Counter() {}

  public static App app() {
    return App.of(Counter::routes);
  }

  public static void routes(Routes routes) {
    routes.get("/", request -> Response.html(PAGE).background("counter", () -> count(5)));
  }

  private static void count(int loops) throws InterruptedException {
    for (int i = 0; i < loops; i++) {
      Timeline.say("counter: " + i);
      Pretend.work(Duration.ofSeconds(i));
    }
  }
}
