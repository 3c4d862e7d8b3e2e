package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.HttpException;
import dev.postlude.http.Part;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Thumbnails, made afterwards and two at a time: a flood of pictures leaves the rest of the app as
 * fast as it was, and the 23rd that waits is told 503 at once instead of 202 in vain.
 */
public final class ResizeImage {
  private static final TaskGroup THUMBNAILS =
      TaskGroup.of("thumbnails").maxConcurrent(2).maxQueued(20);

  private final Map<String, byte[]> thumbnails = new ConcurrentHashMap<>();

  private ResizeImage() {}

  public static App app() {
    return App.of(ResizeImage::routes);
  }

  public static void routes(Routes routes) {
    ResizeImage example = new ResizeImage();
    routes.post("/pictures", example::upload).streaming().maxBody(20_000_000);
    routes.get("/thumbnails/{id}", example::thumbnail);
  }

  private Response upload(Request request) {
    Part picture = request.multipart().get("picture"); // its file is kept as long as the task is
    String id = UUID.randomUUID().toString();
    return Response.json(202, Map.of("thumbnail", "thumbnails/" + id, "bytes", picture.size()))
        .background(
            BackgroundTask.of("thumbnail", () -> thumbnails.put(id, shrink(picture)))
                .group(THUMBNAILS));
  }

  private static byte[] shrink(Part picture) throws IOException, InterruptedException {
    Pretend.work(Duration.ofSeconds(2));
    return Miniature.png(picture.bytes(), 200);
  }

  private Response thumbnail(Request request) {
    byte[] png = thumbnails.get(request.param("id"));
    if (png == null) {
      throw new HttpException(404, "there is no such thumbnail, or not yet");
    }
    return Response.bytes("image/png", png);
  }
}
