package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room, a real one: what is not stored is not accepted and never run. */
class FullDiskTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void withoutRoomNothingIsAcceptedAndAllGoesOnWhenThereIsSome() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path runs = folder.resolve("runs.txt");
    List<String> accepted = new ArrayList<>();
    List<Integer> refused = new ArrayList<>();
    try (ChildApp app = ChildApp.startOnSmallDisk(disk, runs, folder.resolve("log.txt"))) {
      assertThat(app).as("%s", folder.resolve("log.txt")).isNotNull();
      int number = 0;
      accepted.add(location(post(app, "/tasks/" + ++number)));

      assertThat(post(app, "/fill").statusCode()).isEqualTo(204);
      // The write-ahead log may have room for a few more.
      while (refused.size() < 5) {
        HttpResponse<String> answer = post(app, "/tasks/" + ++number);
        if (answer.statusCode() == 202) {
          accepted.add(location(answer));
          assertThat(number).as("there is no end of room").isLessThan(2_000);
        } else {
          assertThat(answer.statusCode()).isEqualTo(503);
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
          refused.add(number);
        }
      }

      assertThat(post(app, "/free").statusCode()).isEqualTo(204);
      accepted.add(location(post(app, "/tasks/" + ++number)));
      for (String each : accepted) {
        awaitSuccess(app, each);
      }
    }
    List<String> ran = Files.readAllLines(runs);
    for (int number : refused) {
      assertThat(ran).noneMatch(line -> line.startsWith(number + " "));
    }
    for (String each : accepted) {
      assertThat(ran).anyMatch(line -> each.endsWith(line.substring(line.indexOf(' ') + 1)));
    }
  }

  private static HttpResponse<String> post(ChildApp app, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(app, path)).POST(BodyPublishers.noBody()));
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(202);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static void awaitSuccess(ChildApp app, String path) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      String status = send(HttpRequest.newBuilder(uri(app, path)).GET()).body();
      if (status.contains("succeeded")) {
        return;
      }
      assertThat(System.nanoTime()).as("%s", status).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static URI uri(ChildApp app, String path) {
    return URI.create("http://127.0.0.1:" + app.port()).resolve(path);
  }
}
