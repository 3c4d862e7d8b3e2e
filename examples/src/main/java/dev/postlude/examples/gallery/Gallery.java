package dev.postlude.examples.gallery;

import dev.postlude.App;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.files.StaticFiles;
import dev.postlude.filter.SecurityHeaders;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.ServerOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** All examples behind one page, with a time line of what happens to them. */
final class Gallery {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + "; base-uri 'none'; form-action 'none'";

  private Gallery() {}

  static App app() {
    Live live = new Live();
    // The time line's stream has no end of its own: a second is enough to wait for it.
    ServerOptions options = ServerOptions.onPort(8080).requestDrain(Duration.ofSeconds(1));
    App app =
        App.of(routes -> write(routes, live))
            .with(BackgroundOptions.defaults().listener(live))
            .with(options);
    warmUp(app);
    return app;
  }

  /**
   * Loads what the first visitor would wait for otherwise. The tasks of these answers do not run.
   */
  private static void warmUp(App app) {
    try {
      app.handle(Request.get("/"));
      app.handle(
          Request.post("/examples/signup/signup").json(Map.of("email", "nobody@example.org")));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Routes routes, Live live) {
    routes.filter(
        SecurityHeaders.create().contentSecurityPolicy(POLICY).referrerPolicy("no-referrer"));
    routes.get("/", request -> Response.html(Page.of(base(request))));
    routes.get("/events", live::events);
    routes.get("/gallery/{path...}", StaticFiles.classPath("/gallery"));
    routes.get("/favicon.ico", request -> Response.redirect("/gallery/icon.svg"));
    routes.get("/sources/{path...}", StaticFiles.classPath("/sources"));
    routes.get(
        "/sample.png",
        request ->
            Response.bytes("image/png", SamplePicture.png()).header("Cache-Control", "no-cache"));
    routes.group(
        "/examples",
        examples -> {
          examples.filter(live);
          Catalogue.all()
              .filter(example -> example.routes() != null)
              .forEach(
                  example ->
                      examples.group(
                          "/" + example.name(), Objects.requireNonNull(example.routes())));
        });
  }

  /** Where the visitor found us, for the lines that they copy. */
  private static String base(Request request) {
    return "http://" + request.header("Host").orElse("127.0.0.1:8080");
  }
}
