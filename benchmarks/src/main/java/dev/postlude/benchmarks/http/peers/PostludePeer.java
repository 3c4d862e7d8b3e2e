package dev.postlude.benchmarks.http.peers;

import dev.postlude.App;
import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Response;
import dev.postlude.routing.Route;
import dev.postlude.routing.Routes;
import dev.postlude.server.ServerOptions;

/**
 * Ours: mode {@code loop} calls handlers on the event loop, mode {@code worker}, the default of
 * every route, on a worker.
 */
public final class PostludePeer implements Peer {
  @Override
  public void start(Setup setup) {
    boolean onLoop = setup.mode().equals("loop");
    App.of(routes -> write(routes, setup, onLoop))
        .with(ServerOptions.onPort(setup.port()).host(Setup.HOST).eventLoops(setup.loops()))
        .start();
  }

  private static void write(Routes routes, Setup setup, boolean onLoop) {
    var scope = new Scope(routes, onLoop);
    scope.add(Method.GET, "/plaintext", request -> Response.text(Content.TEXT));
    scope.add(Method.GET, "/json", request -> Response.json(new Content.Message(Content.TEXT)));
    for (int i = 0; i < Content.AREAS; i++) {
      scope.add(
          Method.GET, "/area" + i + "/items/{id}", request -> Response.text(request.param("id")));
    }
    scope.add(Method.POST, "/echo", request -> Response.json(request.json(Content.Order.class)));
    scope.add(
        Method.GET,
        "/task",
        request -> {
          setup.tasks().ask();
          return Response.text(Content.ACCEPTED).background("count", setup.tasks()::run);
        });
  }

  private record Scope(Routes routes, boolean onLoop) {
    void add(Method method, String pattern, Handler handler) {
      Route route = routes.route(method, pattern, handler);
      if (onLoop) {
        route.onEventLoop();
      }
    }
  }
}
