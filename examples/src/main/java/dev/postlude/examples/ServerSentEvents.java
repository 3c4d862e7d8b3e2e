package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.EventStream;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.time.Duration;

/**
 * A countdown as server-sent events. A browser that lost the connection comes back with the id of
 * the last event that it saw, and the countdown goes on from there.
 */
public final class ServerSentEvents {
  private ServerSentEvents() {}

  public static App app() {
    return App.of(ServerSentEvents::routes);
  }

  public static void routes(Routes routes) {
    routes.get("/countdown", ServerSentEvents::countdown);
  }

  private static Response countdown(Request request) {
    int last =
        request
            .header("Last-Event-ID")
            .filter(id -> id.matches("[1-6]"))
            .map(Integer::parseInt)
            .orElse(6);
    return Response.events(events -> count(last - 1, events))
        .background("lift-off", task -> Timeline.say("lift-off, " + task.outcome()));
  }

  private static void count(int from, EventStream events) throws Exception {
    events.retryAfter(Duration.ofSeconds(1));
    for (int i = from; i > 0; i--) {
      events.send(Integer.toString(i), "tick", i + " ...");
      Pretend.work(Duration.ofSeconds(1));
    }
    events.send("lift-off", "we have a lift-off");
  }
}
