package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files where the kernel cannot copy them to the socket by itself. */
class FilesOverTlsTest {
  private static final byte[] CONTENT = new byte[5_000_000];

  @TempDir private static Path folder;
  private static Server server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    new Random(2).nextBytes(CONTENT);
    Files.write(folder.resolve("large.bin"), CONTENT);
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    SelfSigned self = SelfSigned.in(certificates);
    server =
        Loopback.serve(
            App.of(FilesOverTlsTest::routes),
            options -> options.tls(self.certificate(), self.key()));
    client =
        HttpClient.newBuilder()
            .sslContext(self.client())
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  private static void routes(Routes routes) {
    routes.get("/static/{path...}", StaticFiles.directory(folder));
    routes.get("/shrinks", request -> shrinking());
  }

  private static Response shrinking() throws IOException {
    Path file = Files.write(Files.createTempFile(folder, "shrinking", ""), new byte[500_000]);
    Response response = Response.of(200).body(new Body.File(file, 0, 500_000));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(300_000);
    }
    return response;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<byte[]> get(Version version, String path, String range)
      throws Exception {
    URI uri = URI.create("https://127.0.0.1:" + server.port() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(version)
            .header("Range", range)
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    assertThat(response.version()).isEqualTo(version);
    return response;
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aLargeFileArrivesWhole(Version version) throws Exception {
    HttpResponse<byte[]> response = get(version, "/static/large.bin", "none");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Arrays.equals(response.body(), CONTENT)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aRangeArrives(Version version) throws Exception {
    HttpResponse<byte[]> response = get(version, "/static/large.bin", "bytes=1000000-2999999");

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(Arrays.equals(response.body(), Arrays.copyOfRange(CONTENT, 1_000_000, 3_000_000)))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void severalRangesArriveInTheirPlaces(Version version) throws Exception {
    HttpResponse<byte[]> response =
        get(version, "/static/large.bin", "bytes=4000000-4499999,0-299999");

    assertThat(response.statusCode()).isEqualTo(206);
    byte[] body = response.body();
    int head = "\r\n--".length() + 36 + "\r\nContent-Type: application/octet-stream".length();
    int first = head - 2 + "\r\nContent-Range: bytes 4000000-4499999/5000000\r\n\r\n".length();
    int second =
        first + 500_000 + head + "\r\nContent-Range: bytes 0-299999/5000000\r\n\r\n".length();
    assertThat(Arrays.equals(body, first, first + 500_000, CONTENT, 4_000_000, 4_500_000)).isTrue();
    assertThat(Arrays.equals(body, second, second + 300_000, CONTENT, 0, 300_000)).isTrue();
    assertThat(body).hasSize(second + 300_000 + "\r\n----\r\n".length() + 36);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aFileThatShrinksIsSeenToBeCutOff(Version version) {
    assertThatIOException().isThrownBy(() -> get(version, "/shrinks", "none"));
  }
}
