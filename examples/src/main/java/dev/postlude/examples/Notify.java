package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A filter and a handler that both have something to do afterwards: FastAPI's background tasks in a
 * dependency. The filter changes the handler's response, so the handler's task comes first.
 */
public final class Notify {
  private final List<String> log = new CopyOnWriteArrayList<>();

  private Notify() {}

  public static App app() {
    return App.of(Notify::routes);
  }

  public static void routes(Routes routes) {
    Notify notify = new Notify();
    routes.filter(notify::rememberQuery);
    routes.post("/send-notification/{email}", notify::send);
    routes.get("/log", request -> Response.json(notify.log));
  }

  private Response rememberQuery(Request request, Handler next) throws Exception {
    Response response = next.handle(request);
    return request
        .query("q")
        .map(q -> response.background("log-query", () -> write("found query: " + q)))
        .orElse(response);
  }

  private Response send(Request request) {
    String email = request.param("email");
    return Response.json(Map.of("message", "Message sent"))
        .background("notify", () -> write("message to " + email));
  }

  private void write(String line) {
    log.add(line);
    Timeline.say(line);
  }
}
