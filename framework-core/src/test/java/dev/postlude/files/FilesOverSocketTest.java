package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Outcome;
import dev.postlude.http.Body;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they stand on the wire. */
class FilesOverSocketTest {
  private static final int LARGE = 24 * 1024 * 1024;

  @TempDir private static Path folder;
  private static final byte[] CONTENT = new byte[LARGE];

  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
  private Server server;
  private RawClient client;

  @BeforeAll
  static void write() throws Exception {
    Files.createDirectories(folder.resolve("www/docs"));
    Path hello = Files.writeString(folder.resolve("www/hello.txt"), "hello static\n");
    Files.setLastModifiedTime(hello, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    Files.writeString(folder.resolve("www/docs/index.html"), "<p>docs");
    Files.writeString(folder.resolve("secret.txt"), "TOPSECRET");
    new Random(1).nextBytes(CONTENT);
    Files.write(folder.resolve("www/large.bin"), CONTENT);
  }

  @BeforeEach
  void start() throws Exception {
    server = Loopback.serve(this::routes);
    client = RawClient.to(server);
  }

  private void routes(Routes routes) {
    routes.get("/static/{path...}", StaticFiles.directory(folder.resolve("www")));
    routes.get("/ok", request -> Response.text("ok"));
    routes.get(
        "/report",
        request -> {
          Path report = Files.writeString(Files.createTempFile(folder, "report", ""), "0123456789");
          return ServedFile.of(report)
              .handle(request)
              .background(
                  "delete",
                  task -> {
                    Files.delete(report);
                    ran.add(task.status() + " " + task.outcome() + " " + task.bytesWritten());
                  });
        });
    routes.get("/shrinks", request -> shrinking(false));
    routes.get("/shrinks-task", request -> shrinking(true));
    routes.get(
        "/shrinks-parts",
        request -> {
          Body.File file = (Body.File) shrinking(false).body();
          return Response.of(200)
              .body(
                  new Body.Parts(
                      List.of(
                          new Body.Bytes(new byte[] {'>'}),
                          file,
                          new Body.Bytes(new byte[] {'<'}))));
        });
    routes.get(
        "/large-task",
        request ->
            Response.of(200)
                .body(new Body.File(folder.resolve("www/large.bin"), 0, LARGE))
                .background("note", task -> ran.add("" + task.outcome())));
    routes.get(
        "/vanishes",
        request -> {
          Path file = Files.writeString(folder.resolve("vanishing"), "0123456789");
          Response response = ServedFile.of(file).handle(request);
          Files.delete(file);
          return response;
        });
  }

  /** A file of 1,000 bytes that has 600 when it is to be written. */
  private Response shrinking(boolean withTask) throws IOException {
    Path file = Files.write(folder.resolve("shrinking"), new byte[1_000]);
    Response response = Response.of(200).body(new Body.File(file, 0, 1_000));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(600);
    }
    return withTask ? response.background("note", task -> ran.add("" + task.outcome())) : response;
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private static String request(String method, String path, String... fields) {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  private static String get(String path, String... fields) {
    return request("GET", path, fields);
  }

  private String all(String request) throws IOException {
    return client
        .send(request.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"))
        .readAll()
        .replaceAll("\r\nETag: \"[^\"]*\"", "\r\nETag: tag")
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "BOUNDARY");
  }

  private static String lines(String text) {
    return text.replace("\n", "\r\n");
  }

  @Test
  void aFile() throws Exception {
    assertThat(all(get("/static/hello.txt")))
        .isEqualTo(
            lines(
                    """
                    HTTP/1.1 200 OK
                    Date: now
                    ETag: tag
                    Cache-Control: no-cache
                    Accept-Ranges: bytes
                    Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
                    Content-Type: text/plain; charset=utf-8
                    Content-Length: 13
                    Connection: close

                    """)
                + "hello static\n");
  }

  @Test
  void itsHead() throws Exception {
    assertThat(all(request("HEAD", "/static/hello.txt", "Range: bytes=0-1")))
        .isEqualTo(
            lines(
                """
                HTTP/1.1 200 OK
                Date: now
                ETag: tag
                Cache-Control: no-cache
                Accept-Ranges: bytes
                Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
                Content-Type: text/plain; charset=utf-8
                Content-Length: 13
                Connection: close

                """));
  }

  @Test
  void aRange() throws Exception {
    assertThat(all(get("/static/hello.txt", "Range: bytes=-7")))
        .isEqualTo(
            lines(
                    """
                    HTTP/1.1 206 Partial Content
                    Date: now
                    ETag: tag
                    Cache-Control: no-cache
                    Accept-Ranges: bytes
                    Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
                    Content-Type: text/plain; charset=utf-8
                    Content-Range: bytes 6-12/13
                    Content-Length: 7
                    Connection: close

                    """)
                + "static\n");
  }

  @Test
  void severalRanges() throws Exception {
    assertThat(all(get("/static/hello.txt", "Range: bytes=0-4,6-8")))
        .isEqualTo(
            lines(
                """
                HTTP/1.1 206 Partial Content
                Date: now
                ETag: tag
                Cache-Control: no-cache
                Accept-Ranges: bytes
                Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
                Content-Type: multipart/byteranges; boundary=BOUNDARY
                Content-Length: 278
                Connection: close

                --BOUNDARY
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 0-4/13

                hello
                --BOUNDARY
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 6-8/13

                sta
                --BOUNDARY--
                """));
  }

  @Test
  void aRangeThatIsNotThere() throws Exception {
    assertThat(all(get("/static/hello.txt", "Range: bytes=13-")))
        .startsWith("HTTP/1.1 416 Range Not Satisfiable\r\n")
        .contains("\r\nContent-Range: bytes */13\r\n");
  }

  @Test
  void whatTheClientHas() throws Exception {
    assertThat(all(get("/static/hello.txt", "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT")))
        .isEqualTo(
            lines(
                """
                HTTP/1.1 304 Not Modified
                Date: now
                ETag: tag
                Cache-Control: no-cache
                Connection: close

                """));
  }

  @Test
  void aFolder() throws Exception {
    Reply reply = client.send(get("/static/docs?a=b")).read();
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.header("Location")).isEqualTo("/static/docs/?a=b");

    assertThat(client.send(get(reply.header("Location"))).read().text()).isEqualTo("<p>docs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/../secret.txt", "/static/..%2fsecret.txt", "/static/%2e%2e/secret.txt",
        "/static/docs/../../secret.txt", "/static/..%5csecret.txt", "/static/..\\secret.txt",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd", "/static//etc/passwd"
      })
  void noWayLeadsOutOfTheFolder(String path) throws Exception {
    Reply reply = client.send(get(path)).read();

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).doesNotContain("TOPSECRET", "root:");
  }

  @Test
  void aLargeFileArrivesWholeAndTheConnectionGoesOn() throws Exception {
    client.send(get("/static/large.bin"));
    Reply reply = client.read();

    assertThat(Arrays.equals(reply.body(), CONTENT)).isTrue();
    assertThat(client.send(get("/ok")).read().text()).isEqualTo("ok");
  }

  @Test
  void aSlowReaderGetsTheSame() throws Exception {
    try (RawClient slow = RawClient.withSmallBuffer(server)) {
      // Pipelined: the answer behind the file must not overtake it.
      slow.send(get("/static/large.bin", "Range: bytes=1000-9000999") + get("/ok"));
      Reply reply = slow.read();

      assertThat(reply.status()).isEqualTo(206);
      assertThat(Arrays.equals(reply.body(), Arrays.copyOfRange(CONTENT, 1_000, 9_001_000)))
          .isTrue();
      assertThat(slow.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void largeRangesArriveInTheirPlaces() throws Exception {
    Reply reply =
        client.send(get("/static/large.bin", "Range: bytes=20000000-23999999,0-999999")).read();

    String boundary = reply.header("Content-Type").replaceFirst(".*boundary=", "");
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    part(expected, "--" + boundary, 20_000_000, 23_999_999);
    part(expected, "\r\n--" + boundary, 0, 999_999);
    expected.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(Arrays.equals(reply.body(), expected.toByteArray())).isTrue();
    assertThat(client.send(get("/ok")).read().text()).isEqualTo("ok");
  }

  private void part(ByteArrayOutputStream to, String delimiter, int first, int last) {
    String head =
        "\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes "
            + first
            + "-"
            + last
            + "/"
            + LARGE
            + "\r\n\r\n";
    to.writeBytes((delimiter + head).getBytes(StandardCharsets.US_ASCII));
    to.write(CONTENT, first, last - first + 1);
  }

  @Test
  void headSendsNoByteOfALargeFile() throws Exception {
    Reply head = client.send(request("HEAD", "/static/large.bin")).readHead();

    assertThat(head.header("Content-Length")).isEqualTo("" + LARGE);
    assertThat(client.send(get("/ok")).read().text()).isEqualTo("ok");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | X: y                   | 200 SENT 10",
        "GET  | Range: bytes=2-4       | 206 SENT 3",
        "GET  | If-None-Match: *       | 304 SENT 0",
        "HEAD | X: y                   | 200 SENT 0",
      })
  void theTaskThatDeletesTheFileRunsAfterEachAnswer(String method, String field, String told)
      throws Exception {
    client.send(request(method, "/report", field));

    assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo(told);
    assertThat(folder).isDirectoryNotContaining("glob:**report*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Range: bytes=0-0,9-9    | 206",
        "If-Match: \"other\"     | 412",
        "Range: bytes=10-        | 416",
      })
  void andAfterAnErrorToo(String field, int status) throws Exception {
    client.send(get("/report", field));

    assertThat(ran.poll(10, TimeUnit.SECONDS)).startsWith(status + " SENT ");
    assertThat(folder).isDirectoryNotContaining("glob:**report*");
  }

  @ParameterizedTest
  @CsvSource({"/shrinks, 600", "/shrinks-task, 600", "/shrinks-parts, 601", "/vanishes, 0"})
  void aFileThatShrinksEndsTheConnectionSoThatTheClientSeesIt(String path, int sent)
      throws Exception {
    // Two requests: what follows may not be taken for the rest of the file.
    String answer = client.send(get(path) + get("/ok")).readAll();

    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(sent);
  }

  @Test
  void theTaskIsToldThatTheFileDidNotGetThere() throws Exception {
    client.send(get("/shrinks-task"));

    assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("" + Outcome.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shrinks", "/shrinks-task", "/shrinks-parts", "/vanishes"})
  void aFileThatFailsHalfWayIsLoggedWithItsRequest(String path) throws Exception {
    try (LogLines log = LogLines.of("dev.postlude.server")) {
      client.send(get(path, "X-Request-Id: abc"));

      assertThat(log.await(line -> line.contains("half-way")))
          .startsWith(
              "SEVERE the answer to GET " + path + " (request abc) failed half-way and was cut off")
          .contains(" <- java.io.");
    }
  }

  @Test
  void aClientThatLeavesAFileIsNotTheFilesFault() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude.server")) {
      RawClient leaving = RawClient.withSmallBuffer(server);
      leaving.send(get("/large-task")).readBytes(100_000);
      leaving.reset();

      assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("" + Outcome.DISCONNECTED);
      assertThat(log.all()).doesNotContain("half-way");
    }
  }
}
