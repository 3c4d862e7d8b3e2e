package dev.postlude.server;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.io.InputStream;

/** A program for tests that need a server in a process of its own. */
final class LoadedApp {
  private LoadedApp() {}

  public static void main(String[] args) {
    App app =
        App.of(
            routes -> {
              routes.post(
                  "/task/{id}",
                  request -> {
                    String id = request.param("id");
                    return Response.of(202).background("task", () -> say("task " + id));
                  });
              routes.post("/upload", LoadedApp::count).streaming().maxBody(4L << 30);
            });
    Server server = app.with(ServerOptions.onPort(0).host("127.0.0.1")).start();
    say("port " + server.port());
  }

  private static Response count(Request request) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long count = 0;
    InputStream in = request.stream();
    for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
      count += some;
    }
    return Response.text(count + " bytes");
  }

  private static synchronized void say(String text) {
    System.out.println(text);
    System.out.flush();
  }
}
