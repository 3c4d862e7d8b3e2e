package dev.postlude.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured is there; the measuring itself wants minutes and a quiet machine. */
class GrowthTest {
  private static final Jdk JDK = Jdk.at(Path.of(System.getProperty("java.home")));

  @Test
  void routesBodiesAndIdleConnections(@TempDir Path directory)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    try (var server =
        ServerProcess.start(Candidate.growing(10), JDK, List.of(), directory.resolve("log"))) {
      String here = "http://" + Setup.HOST + ":" + server.port();
      HttpRequest.Builder request = HttpRequest.newBuilder();

      URI item = URI.create(here + "/area5/items/4711");
      assertThat(client.send(request.uri(item).build(), BodyHandlers.ofString()).body())
          .isEqualTo("4711");
      URI bytes = URI.create(here + "/bytes/100000");
      assertThat(client.send(request.uri(bytes).build(), BodyHandlers.ofByteArray()).body())
          .hasSize(100_000);
      HttpRequest upload =
          request
              .uri(URI.create(here + "/bytes"))
              .POST(BodyPublishers.ofByteArray(new byte[100_000]))
              .build();
      assertThat(client.send(upload, BodyHandlers.ofString()).body()).isEqualTo("100000");

      try (var idle = IdleConnections.open(server.port(), 20)) {
        assertThat(server.heapBytes()).isPositive();
      }
      assertThat(IdleConnections.most()).isPositive();
    }
  }
}
