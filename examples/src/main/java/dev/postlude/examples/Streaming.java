package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A table that is made while it goes out. A slow client makes the writer wait, so that nothing
 * piles up in memory; the task runs when the last byte has left, or when the client has.
 */
public final class Streaming {
  private Streaming() {}

  public static App app() {
    return App.of(Streaming::routes);
  }

  public static void routes(Routes routes) {
    routes.get("/squares.csv", Streaming::squares);
  }

  private static Response squares(Request request) {
    int rows = request.query().asInt("rows", 5);
    return Response.stream("text/csv; charset=utf-8", out -> write(rows, out))
        .header("Cache-Control", "no-store")
        .background(
            "bill",
            task ->
                Timeline.say("to be paid: " + task.bytesWritten() + " bytes, " + task.outcome()));
  }

  private static void write(int rows, OutputStream out) throws Exception {
    for (int row = 1; row <= rows; row++) {
      out.write((row + "," + row * row + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush(); // a row at a time; without it, pieces of a few kilobytes
      Pretend.work(Duration.ofMillis(400));
    }
  }
}
