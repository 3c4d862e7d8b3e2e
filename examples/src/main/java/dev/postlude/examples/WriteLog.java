package dev.postlude.examples;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * "Accepted" at once, and a line in a log file afterwards: FastAPI's {@code add_task(write_log,
 * message)}.
 */
public final class WriteLog {
  private static final Path LOG =
      Path.of(
          System.getProperty("java.io.tmpdir"),
          "write-log-" + ProcessHandle.current().pid() + ".txt");

  private WriteLog() {}

  public static App app() {
    return App.of(WriteLog::routes);
  }

  public static void routes(Routes routes) {
    routes.post(
        "/send-notification/{email}",
        request -> {
          String message = "notification for " + request.param("email");
          return Response.json(Map.of("status", "accepted"))
              .background("write-log", () -> writeLog(message));
        });
    routes.get("/log", request -> Response.text(Files.exists(LOG) ? Files.readString(LOG) : ""));
  }

  private static void writeLog(String message) throws IOException {
    Files.writeString(LOG, message + "\n", CREATE, APPEND);
    LOG.toFile().deleteOnExit();
    Timeline.say("write-log: " + message);
  }
}
