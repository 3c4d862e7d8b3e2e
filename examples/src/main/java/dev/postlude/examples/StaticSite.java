package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.files.StaticFiles;
import dev.postlude.routing.Routes;

/** A small site from the class path, which is inside the jar. */
public final class StaticSite {
  private StaticSite() {}

  public static App app() {
    return App.of(StaticSite::routes);
  }

  public static void routes(Routes routes) {
    routes.get("/{path...}", StaticFiles.classPath("/site").cacheControl("max-age=60"));
  }
}
