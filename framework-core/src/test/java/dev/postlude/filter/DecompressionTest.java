package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class DecompressionTest {
  private static final App APP =
      App.of(
          routes -> {
            routes.filter(Decompression.upTo(1_000));
            routes.post(
                "/",
                request ->
                    Response.text(request.text() + request.header("Content-Encoding").orElse("")));
          });

  @Test
  void unfoldsGzipAndHidesTheEncoding() throws Exception {
    Response response = send("gzip", gzip("hello".getBytes(StandardCharsets.UTF_8)));

    assertThat(text(response)).isEqualTo("hello");
  }

  @Test
  void leavesOtherBodiesAlone() throws Exception {
    Response response = send("identity", "hello".getBytes(StandardCharsets.UTF_8));

    assertThat(text(response)).isEqualTo("helloidentity");
  }

  @Test
  void countsUnfoldedBytes() throws Exception {
    assertThat(send("gzip", gzip(new byte[1_000])).status()).isEqualTo(200);
    assertThat(send("gzip", gzip(new byte[1_001])).status()).isEqualTo(413);
  }

  @Test
  void refusesWhatIsNoGzip() throws Exception {
    byte[] cut = Arrays.copyOf(gzip(new byte[500]), 20);

    assertThat(send("gzip", cut).status()).isEqualTo(400);
    assertThat(send("gzip", new byte[] {1, 2, 3}).status()).isEqualTo(400);
  }

  @Test
  void refusesOtherEncodingsAndTellsWhichItTakes() throws Exception {
    Response response = send("br", new byte[3]);

    assertThat(response.status()).isEqualTo(415);
    assertThat(response.headers().find("Accept-Encoding")).contains("gzip");
  }

  @Test
  void refusesALimitOfNothing() {
    assertThatThrownBy(() -> Decompression.upTo(0)).hasMessageContaining("from 1 byte");
  }

  private static Response send(String encoding, byte[] body) throws Exception {
    return APP.handle(Request.post("/").header("Content-Encoding", encoding).body(body));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream folded = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(folded)) {
      gzip.write(bytes);
    }
    return folded.toByteArray();
  }

  private static String text(Response response) {
    return new String(((Body.Bytes) response.body()).array(), StandardCharsets.UTF_8);
  }

  @Test
  void aStreamingRouteGetsItUnfoldedToo() throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.filter(Decompression.upTo(1_000));
                  routes
                      .post("/", request -> Response.bytes("a/b", request.stream().readAllBytes()))
                      .streaming();
                });
        RawClient client = RawClient.to(server)) {
      ByteArrayOutputStream folded = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(folded)) {
        out.write("hello".getBytes(StandardCharsets.US_ASCII));
      }
      String body = folded.toString(StandardCharsets.ISO_8859_1);
      client.send(Requests.post("/", body, "Content-Encoding: gzip"));
      assertThat(client.read().text()).isEqualTo("hello");

      client.send(Requests.post("/", "nonsense", "Content-Encoding: gzip"));
      assertThat(client.read().status()).isEqualTo(400);
    }
  }
}
