package dev.postlude.examples;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A temporary file that is gone afterwards, whatever happened to the client: also when it left in
 * the middle of the upload, or sent too much, and there is no response to hang a task on.
 */
public final class TempFile {
  private TempFile() {}

  public static App app() {
    return App.of(TempFile::routes);
  }

  public static void routes(Routes routes) {
    routes.post("/upload", TempFile::upload).streaming().maxBody(10_000_000);
  }

  private static Response upload(Request request) throws IOException {
    Path file = Files.createTempFile("upload-", ".tmp");
    request.onFinish(
        done -> {
          Files.delete(file);
          Timeline.say("deleted " + file.getFileName() + ", response: " + done.outcome());
        });
    Files.copy(request.stream(), file, REPLACE_EXISTING);
    return Response.json(Map.of("bytes", Files.size(file), "file", file.toString()))
        .background("log", () -> Timeline.say("cleanup complete"));
  }
}
