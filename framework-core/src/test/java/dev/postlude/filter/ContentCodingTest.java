package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.content;
import static dev.postlude.filter.InMemory.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codings besides gzip, with the libraries that they need, and the choice between them. */
class ContentCodingTest {
  private static final String LONG = "to and fro and ".repeat(500);
  private static final Handler PAGE = request -> Response.text(LONG);

  @BeforeAll
  static void loadDecoder() {
    Brotli4jLoader.ensureAvailability();
  }

  private static InputStream decoder(String coding, InputStream in) throws IOException {
    return switch (coding) {
      case "br" -> new BrotliStream(in);
      case "zstd" -> new ZstdInputStream(in);
      default -> new GZIPInputStream(in);
    };
  }

  private static Compression only(String coding) {
    return switch (coding) {
      case "br" -> Compression.brotli();
      case "zstd" -> Compression.zstd();
      default -> Compression.gzip();
    };
  }

  /** Decodes as it comes: the library's own stream waits for more before it hands out anything. */
  private static final class BrotliStream extends InputStream {
    private final InputStream in;
    private final DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1024);
    private ByteBuffer decoded = ByteBuffer.allocate(0);

    BrotliStream(InputStream in) throws IOException {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      while (!decoded.hasRemaining()) {
        switch (decoder.getStatus()) {
          case DONE -> {
            return -1;
          }
          case NEEDS_MORE_OUTPUT -> decoded = decoder.pull();
          case NEEDS_MORE_INPUT -> {
            if (decoder.hasOutput()) {
              decoded = decoder.pull();
            } else {
              more();
            }
          }
          case OK -> decoder.push(0);
          default -> throw new IOException("malformed");
        }
      }
      return decoded.get() & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int first = length == 0 ? -1 : read();
      if (first < 0) {
        return length == 0 ? 0 : -1;
      }
      bytes[offset] = (byte) first;
      int more = Math.min(length - 1, decoded.remaining());
      decoded.get(bytes, offset + 1, more);
      return 1 + more;
    }

    private void more() throws IOException {
      byte[] some = new byte[1024];
      int length = in.read(some);
      if (length < 0) {
        throw new EOFException("cut off");
      }
      decoder.getInputBuffer().clear();
      decoder.getInputBuffer().put(some, 0, length);
      decoder.push(length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip, deflate, br, zstd         | zstd
          gzip, deflate, br               | br
          gzip, deflate                   | gzip
          gzip, br;q=0.5, zstd;q=0.1      | gzip
          br;q=0.9, zstd;q=0.9, gzip;q=0.2| zstd
          *                               | zstd
          *, zstd;q=0                     | br
          br;q=0.5, identity              | ''
          deflate                         | ''
          """)
  void theBestIsWhatTheClientLikesBestOfWhatIsThere(String acceptEncoding, String coding)
      throws Exception {
    Request request = Request.get("/").header("Accept-Encoding", acceptEncoding);
    assertThat(header(answer(Compression.best(), request, PAGE), "Content-Encoding"))
        .isEqualTo(coding);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void contentInMemoryComesBackAsItWas(String coding) throws Exception {
    Request request = Request.get("/").header("Accept-Encoding", coding);
    for (int level = 1; level <= 9; level++) {
      Response response = answer(only(coding).level(level), request, PAGE);
      assertThat(header(response, "Content-Encoding")).isEqualTo(coding);
      assertThat(content(response)).hasSizeLessThan(200);
      assertThat(decoder(coding, new ByteArrayInputStream(content(response))).readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(LONG);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void theLevelMakesADifference(String coding) throws Exception {
    Request request = Request.get("/").header("Accept-Encoding", coding);
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      numbers.append(i * 7919L).append(' ');
    }
    Handler handler = any -> Response.text(numbers.toString());

    int fast = content(answer(only(coding).level(1), request, handler)).length;
    int small = content(answer(only(coding).level(9), request, handler)).length;

    assertThat(small).isLessThan(fast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void aFlushSendsWhatWasWrittenAndACutIsSeen(String coding) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Server started =
        Loopback.serve(
            routes -> {
              routes.filter(only(coding));
              routes.get(
                  "/stream",
                  request ->
                      Response.stream(
                          "text/plain",
                          out -> {
                            out.write("first".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            seen.await();
                            out.write(LONG.getBytes(StandardCharsets.UTF_8));
                            out.close(); // which ends nothing
                            out.write('.');
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
            });
    try (Server server = started) {
      InputStream in = decoder(coding, get(server, "/stream", coding));
      assertThat(in.readNBytes(5)).asString(StandardCharsets.UTF_8).isEqualTo("first");
      seen.countDown();
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(LONG + ".");

      assertThatThrownBy(() -> decoder(coding, get(server, "/cut", coding)).readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  private static InputStream get(Server server, String path, String coding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Accept-Encoding", coding)
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }

  @Test
  void atLeastOneIsNeeded() {
    assertThatThrownBy(Compression::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Compression.gzip()");
  }
}
