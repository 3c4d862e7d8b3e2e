package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an encoder holds is given back once, however the content ends. */
class EncodedTest {
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private Server server;

  /** Changes nothing, and says at the end that it is the end. */
  private final class Marking implements ContentCoding {
    @Override
    public String token() {
      return "marking";
    }

    @Override
    public OutputStream encode(OutputStream out, int level) {
      begun.incrementAndGet();
      return new FilterOutputStream(out) {
        @Override
        public void close() throws IOException {
          closed.incrementAndGet();
          out.write("<end>".getBytes(StandardCharsets.UTF_8));
        }
      };
    }
  }

  @BeforeEach
  void start() {
    server =
        Loopback.serve(
            routes -> {
              routes.filter(Compression.of(new Marking()));
              routes.get("/whole", request -> Response.stream("text/plain", EncodedTest::write));
              routes.get(
                  "/cut",
                  request ->
                      Response.stream(
                          "text/plain",
                          out -> {
                            write(out);
                            throw new IOException("expected by this test");
                          }));
            });
  }

  private static void write(OutputStream out) throws IOException {
    out.write("content".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** All that the server sends until it closes the connection. */
  private String read(String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: marking\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      StringBuilder text = new StringBuilder();
      try (InputStream in = socket.getInputStream()) {
        for (int b = in.read(); b >= 0; b = in.read()) {
          text.append((char) b);
        }
      } catch (IOException cut) {
        // as a cut may look
      }
      return text.toString();
    }
  }

  @Test
  void theEncoderOfWholeContentIsClosedOnceAndItsEndIsSent() throws Exception {
    assertThat(read("/whole"))
        .contains("Content-Encoding: marking", "content")
        .endsWith("<end>\r\n0\r\n\r\n");
    assertThat(begun).hasValue(1);
    assertThat(closed).hasValue(1);
  }

  @Test
  void theEncoderOfContentThatIsCutOffIsClosedTooAndNoEndIsSent() throws Exception {
    assertThat(read("/cut"))
        .contains("Content-Encoding: marking", "content")
        .doesNotContain("<end");
    assertThat(begun).hasValue(1);
    assertThat(closed).hasValue(1);
  }
}
