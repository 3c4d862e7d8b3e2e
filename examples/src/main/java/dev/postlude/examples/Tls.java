package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.ServerOptions;

/** TLS in one line, and over it HTTP/2 with the clients that can. */
public final class Tls {
  private Tls() {}

  public static App app() {
    SelfSigned demo = SelfSigned.make(); // yours come from your certificate authority
    return App.of(Tls::routes).with(ServerOptions.onPort(8443).tls(demo.certificate(), demo.key()));
  }

  public static void routes(Routes routes) {
    routes.get(
        "/",
        request ->
            Response.text(request.secure() ? "nobody listens\n" : "everybody can listen\n")
                .background("greet", () -> Timeline.say("somebody was here")));
  }
}
