package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uploads as they stand on the wire, on routes that have the body in memory and on streaming ones.
 */
class MultipartOverSocketTest {
  private static final int LARGE = 20 * 1024 * 1024;

  @TempDir private Path folder;
  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private final CountDownLatch mayRead = new CountDownLatch(1);
  private Server server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    server = Loopback.serve(this::routes);
    client = RawClient.to(server);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private MultipartOptions options() {
    return MultipartOptions.defaults().directory(folder);
  }

  private void routes(Routes routes) {
    routes.post("/form", request -> Response.text(request.multipart().fields().get("a")));
    routes.post(
        "/small",
        request -> Response.text(request.multipart(options().maxPart(3)).fields().get("a")));
    routes.post(
        "/later",
        request -> {
          Part part = request.multipart(options().inMemory(0)).get("a");
          return Response.accepted()
              .background(
                  "read",
                  () -> {
                    mayRead.await();
                    seen.add(part.text());
                  });
        });
    routes
        .post(
            "/stream",
            request -> {
              Part part = request.multipart(options()).get("a");
              try (InputStream content = part.stream()) {
                CRC32 crc = new CRC32();
                crc.update(content.readAllBytes());
                return Response.text(part.size() + " bytes, CRC " + crc.getValue());
              }
            })
        .streaming()
        .maxBody(LARGE + 1_000);
    routes
        .post(
            "/broken",
            request -> {
              try {
                request.multipart(options().inMemory(0));
                return Response.noContent();
              } catch (RuntimeException e) {
                seen.add(e);
                throw e;
              }
            })
        .streaming();
  }

  private static String upload(String path, String form) {
    return head(path, form.length()) + form;
  }

  private static String head(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static String part(String content) {
    return "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + content + "\r\n--b--\r\n";
  }

  private int files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.count();
    }
  }

  @Test
  void aFormIsReadAndTheConnectionGoesOn() throws Exception {
    assertThat(client.send(upload("/form", part("x"))).read().text()).isEqualTo("x");
    assertThat(client.send(upload("/form", part("y"))).read().text()).isEqualTo("y");
  }

  @Test
  void aMalformedFormIsTheClientsFault() throws Exception {
    Reply reply = client.send(upload("/form", "--b\r\nnonsense")).read();

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("malformed multipart form");
    assertThat(client.send(upload("/form", part("y"))).read().text()).isEqualTo("y");
  }

  @Test
  void aLimitIsNamed() throws Exception {
    Reply reply = client.send(upload("/small", part("long"))).read();

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).contains("3 bytes (maxPart)");
  }

  @Test
  void aTaskReadsTheFileLongAfterTheResponse() throws Exception {
    assertThat(client.send(upload("/later", part("upload"))).read().status()).isEqualTo(202);
    for (int i = 0; i < 5; i++) {
      System.gc(); // which takes what nobody has in hand any more
    }
    assertThat(files()).isEqualTo(1);

    mayRead.countDown();

    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("upload");
    awaitNoFile();
  }

  /** Which the garbage collector has no hand in. */
  private void awaitNoFile() throws Exception {
    long patience = System.nanoTime() + 10_000_000_000L;
    while (files() > 0 && System.nanoTime() < patience) {
      Thread.onSpinWait();
    }
    assertThat(files()).isZero();
  }

  @Test
  void aFormLargerThanTheMemoryLimitIsReadWhileItComesIn() throws Exception {
    String content = "0123456789abcdef".repeat(LARGE / 16);
    CRC32 crc = new CRC32();
    crc.update(content.getBytes(StandardCharsets.US_ASCII));

    Reply reply = client.send(upload("/stream", part(content))).read();

    assertThat(reply.text()).isEqualTo(LARGE + " bytes, CRC " + crc.getValue());
    assertThat(client.send(upload("/form", part("y"))).read().text()).isEqualTo("y");
  }

  @Test
  void aFormBeyondTheRoutesLimitIsRefusedAndLeavesNoFile() throws Exception {
    Reply reply = client.send(head("/stream", LARGE + 2_000)).read();
    assertThat(reply.status()).isEqualTo(413);

    try (RawClient chunked = RawClient.to(server)) {
      chunked.send(head("/stream", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked"));
      String form = part("x".repeat(LARGE + 2_000));
      chunked.send(Integer.toHexString(form.length()) + "\r\n" + form + "\r\n0\r\n\r\n");
      assertThat(chunked.read().status()).isEqualTo(413);
    }
    assertThat(files()).isZero();
  }

  @Test
  void aClientThatLeavesInTheMiddleLeavesNoFile() throws Exception {
    client.send(head("/broken", 100_000) + part("x".repeat(50_000)).substring(0, 40_000));
    client.reset();

    assertThat(seen.poll(10, TimeUnit.SECONDS)).isInstanceOf(RuntimeException.class);
    assertThat(files()).isZero();
  }
}
