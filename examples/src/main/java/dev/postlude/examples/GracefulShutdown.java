package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.ServerOptions;
import java.time.Duration;
import java.util.Map;

/**
 * SIGTERM while tasks run: no new connections, the tasks get three seconds, and the report in the
 * log names every task that was cut off. Work of one second is finished, of ten is interrupted.
 */
public final class GracefulShutdown {
  private GracefulShutdown() {}

  public static App app() {
    return App.of(GracefulShutdown::routes)
        .with(ServerOptions.onPort(8080).taskDrain(Duration.ofSeconds(3)));
  }

  public static void routes(Routes routes) {
    routes.post("/work", GracefulShutdown::work);
  }

  private static Response work(Request request) {
    int seconds = request.query().asInt("seconds", 10);
    String kill = "kill -TERM " + ProcessHandle.current().pid();
    return Response.json(202, Map.of("now-try", kill))
        .background(
            "work-of-" + seconds + "-seconds",
            () -> {
              Pretend.work(Duration.ofSeconds(seconds));
              Timeline.say("work of " + seconds + " seconds is done");
            });
  }
}
