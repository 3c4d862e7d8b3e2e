package dev.postlude.server;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A program for {@link SignalsTest} to send signals to. Its handlers and tasks wait for a line on
 * standard input, and what they do is told on standard output.
 */
final class SignalledApp {
  private SignalledApp() {}

  public static void main(String[] args) throws Exception {
    CountDownLatch line = new CountDownLatch(1);
    App app =
        App.of(
            routes -> {
              routes.get(
                  "/request",
                  request -> {
                    say("request begun");
                    line.await();
                    return Response.text("finished");
                  });
              routes.get(
                  "/task",
                  request ->
                      Response.accepted(
                          BackgroundTask.of(
                              "slow",
                              () -> {
                                say("task begun");
                                line.await();
                                say("task finished");
                              })));
            });
    Server server = app.with(ServerOptions.onPort(0).host("127.0.0.1")).start();
    say("port " + server.port());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (in.readLine() != null) {
      line.countDown();
    }
  }

  private static void say(String text) {
    System.out.println(text);
    System.out.flush();
  }
}
