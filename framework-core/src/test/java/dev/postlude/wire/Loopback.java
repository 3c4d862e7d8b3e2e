package dev.postlude.wire;

import dev.postlude.App;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.server.ServerOptions;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Servers for tests: on a free port of the loopback interface, deaf to signals, quick to stop. */
public final class Loopback {
  private Loopback() {}

  public static Server serve(Routes.Body<RuntimeException> routes) {
    return serve(App.of(routes));
  }

  public static Server serve(App app) {
    return serve(app, options -> options);
  }

  public static Server serve(App app, UnaryOperator<ServerOptions> change) {
    return app.with(change.apply(options())).start();
  }

  public static ServerOptions options() {
    return ServerOptions.onPort(0)
        .host("127.0.0.1")
        .stopOnSignal(false)
        .eventLoops(2)
        .requestDrain(Duration.ofSeconds(5))
        .taskDrain(Duration.ofSeconds(5));
  }
}
