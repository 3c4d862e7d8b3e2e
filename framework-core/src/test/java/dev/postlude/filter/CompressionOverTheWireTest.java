package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompressionOverTheWireTest {
  private static final String LONG = "to and fro and ".repeat(5_000);

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CompletableFuture<Long> written = new CompletableFuture<>();
  private Server server;

  @BeforeEach
  void start() {
    server =
        App.of(
                routes -> {
                  routes.filter(Compression.gzip());
                  routes.get(
                      "/text",
                      request ->
                          Response.text(LONG)
                              .background(
                                  "t", context -> written.complete(context.bytesWritten())));
                  routes.get(
                      "/stream",
                      request ->
                          Response.stream(
                              "text/plain",
                              out -> {
                                out.write("first".getBytes(StandardCharsets.UTF_8));
                                out.flush();
                                goOn.await();
                                out.write("second".getBytes(StandardCharsets.UTF_8));
                              }));
                  routes.get(
                      "/cut",
                      request ->
                          Response.stream(
                              "text/plain",
                              out -> {
                                out.write(LONG.getBytes(StandardCharsets.UTF_8));
                                out.flush();
                                throw new IOException("expected by this test");
                              }));
                })
            .start(0);
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    server.close();
  }

  private HttpResponse<InputStream> send(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept-Encoding", "gzip")
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void theLengthIsThatOfTheCompressedContentAlsoOnHead() throws Exception {
    HttpResponse<InputStream> get = send("GET", "/text");
    byte[] zipped = get.body().readAllBytes();
    // Before HEAD, whose task may otherwise be the first.
    assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(zipped.length);
    HttpResponse<InputStream> head = send("HEAD", "/text");

    assertThat(get.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(get.headers().firstValueAsLong("Content-Length")).hasValue(zipped.length);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(LONG);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(zipped.length);
    assertThat(head.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(head.body().readAllBytes()).isEmpty();
  }

  @Test
  void whatIsFlushedArrivesBeforeTheRestIsWritten() throws Exception {
    try (InputStream in = new GZIPInputStream(send("GET", "/stream").body())) {
      assertThat(in.readNBytes(5)).asString(StandardCharsets.UTF_8).isEqualTo("first");
      goOn.countDown();
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("second");
    }
  }

  @Test
  void theClientSeesThatAStreamWasCutOff() throws Exception {
    // All of it inside: the client may learn of the cut with the first byte that it reads.
    assertThatThrownBy(() -> new GZIPInputStream(send("GET", "/cut").body()).readAllBytes())
        .isInstanceOf(IOException.class);
  }
}
