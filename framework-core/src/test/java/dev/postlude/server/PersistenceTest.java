package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of requests and answers on one connection, and when it ends: RFC 9112 section 9. */
class PersistenceTest {
  private static Server server;
  private static LogLines log;

  @BeforeAll
  static void start() {
    log = LogLines.of("dev.postlude");
    server =
        Loopback.serve(
            routes -> {
              routes.get("/", request -> Response.text("hello"));
              routes.post("/", request -> Response.text(request.text()));
              routes.get("/empty", request -> Response.of(200));
              routes.get("/none", request -> Response.noContent());
              routes.get("/none-after-all", request -> Response.text("x").status(204));
              routes.get(
                  "/same", request -> Response.text("x").status(304).header("ETag", "\"1\""));
              routes.get("/reset", request -> Response.text("x").status(205));
              routes.get(
                  "/reset-stream",
                  request -> Response.stream("text/x", out -> out.write('x')).status(205));
              routes.get("/close", request -> Response.text("x").header("Connection", "close"));
              routes.get("/loop", request -> Response.text("loop")).onEventLoop();
              routes.get("/latin", request -> Response.of(200).header("X", "\u00e9"));
              routes.get(
                  "/fails",
                  request -> {
                    throw new HttpException(409, "no");
                  });
              routes.get("/big", request -> Response.text("x".repeat(100_000)));
            });
  }

  @AfterAll
  static void stop() {
    server.close();
    log.close();
  }

  private static String exchange(String bytes) throws Exception {
    try (RawClient client = RawClient.to(server)) {
      return client.send(bytes).readAll();
    }
  }

  /** The heads of answers without content, and what is behind the last. */
  private static List<String> heads(String answers) {
    return List.of(answers.split("\r\n\r\n", -1));
  }

  @Test
  void aConnectionIsKeptUntilTheClientSaysClose() throws Exception {
    String answers =
        exchange(
            """
            GET / HTTP/1.1\r
            Host: a\r
            \r
            POST / HTTP/1.1\r
            Host: a\r
            Content-Length: 4\r
            \r
            bodyPOST / HTTP/1.1\r
            Host: a\r
            Transfer-Encoding: chunked\r
            \r
            3\r
            chu\r
            4;ext=1\r
            nked\r
            0\r
            Trailer: ignored\r
            \r
            GET /loop HTTP/1.1\r
            Host: a\r
            Connection: Close\r
            \r
            GET / HTTP/1.1\r
            Host: never executed\r
            \r
            """);

    assertThat(answers)
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 5\r
            \r
            helloHTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 4\r
            \r
            bodyHTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 7\r
            \r
            chunkedHTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 4\r
            Connection: close\r
            \r
            loop""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 |                               | kept",
        "HTTP/1.1 | Connection: keep-alive        | kept",
        "HTTP/1.1 | Connection: close             | closed",
        "HTTP/1.1 | connection: CLOSE             | closed",
        "HTTP/1.1 | Connection: foo, close        | closed",
        "HTTP/1.1 | Connection: keep-alive, close | closed",
        "HTTP/1.0 |                               | closed",
        "HTTP/1.0 | Connection: close             | closed",
        "HTTP/1.0 | Connection: keep-alive        | kept, and says so",
        "HTTP/1.0 | Connection: Keep-Alive, X     | kept, and says so",
      })
  void aConnectionPersistsByVersionAndWish(String version, String wish, String expected)
      throws Exception {
    String request =
        "GET / " + version + "\r\nHost: a\r\n" + (wish == null ? "" : wish + "\r\n") + "\r\n";
    String answers =
        exchange(request + "GET /close HTTP/1.1\r\nHost: a\r\n\r\n"); // ends it if it was kept
    String first = answers.substring(0, answers.indexOf("hello"));
    boolean kept = answers.lastIndexOf("HTTP/1.1 200") > 0;
    String said =
        first.contains("Connection: close\r\n")
            ? "closed"
            : first.contains("Connection: keep-alive\r\n") ? "kept, and says so" : "kept";

    assertThat(said).isEqualTo(expected);
    assertThat(kept).isEqualTo(expected.startsWith("kept"));
  }

  @Test
  void anHttp10ClientGetsTheContentAndTheEnd() throws Exception {
    assertThat(exchange("GET / HTTP/1.0\r\n\r\n"))
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 5\r
            Connection: close\r
            \r
            hello""");
  }

  @Test
  void aHandlerMayEndTheConnection() throws Exception {
    assertThat(exchange("GET /close HTTP/1.1\r\nHost: a\r\n\r\n"))
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 1\r
            Connection: close\r
            \r
            x""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/empty", "/big", "/loop", "/nowhere", "/fails", "/%zz"})
  void headHasTheHeadOfGetAndNotAByteOfContent(String path) throws Exception {
    String head = "HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    String answers = exchange(head + head + "GET " + path + " HTTP/1.0\r\n\r\n");

    // What follows the first empty line is the next answer: no byte of content stands between.
    List<String> parts = heads(answers);
    assertThat(parts).hasSize(4);
    assertThat(parts.get(0)).startsWith("HTTP/1.1 ").contains("\r\nContent-Length: ");
    assertThat(parts.get(1)).isEqualTo(parts.get(0));
    assertThat(parts.get(2)).isEqualTo(parts.get(0) + "\r\nConnection: close");
  }

  @Test
  void headOnAPathOfOtherMethodsIsA405WithoutContent() throws Exception {
    try (Server other = Loopback.serve(routes -> routes.post("/x", r -> Response.of(200)));
        RawClient client = RawClient.to(other)) {
      client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(client.readAll())
          .isEqualTo(
              """
              HTTP/1.1 405 Method Not Allowed\r
              Date: now\r
              Content-Type: application/problem+json\r
              Vary: Accept\r
              Allow: OPTIONS, POST\r
              Content-Length: 84\r
              Connection: close\r
              \r
              """);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/none", "/none-after-all"})
  void noContentHasNeitherContentNorLength(String path) throws Exception {
    String answers =
        exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\nGET /close HTTP/1.0\r\n\r\n");

    assertThat(heads(answers).get(0))
        .startsWith("HTTP/1.1 204 No Content\r\nDate: now")
        .doesNotContain("Content-Length", "Transfer-Encoding");
    assertThat(heads(answers).get(1)).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void notModifiedHasNoContentEither() throws Exception {
    String answers = exchange("GET /same HTTP/1.1\r\nHost: a\r\n\r\nGET /close HTTP/1.0\r\n\r\n");

    assertThat(heads(answers).get(0))
        .startsWith("HTTP/1.1 304 Not Modified\r\n")
        .contains("ETag: \"1\"")
        .doesNotContain("Content-Length", "Transfer-Encoding");
    assertThat(heads(answers).get(1)).startsWith("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /reset", "GET /reset-stream", "HEAD /reset", "HEAD /reset-stream"})
  void resetContentHasNoContentAndSaysSo(String line) throws Exception {
    String answers = exchange(line + " HTTP/1.1\r\nHost: a\r\n\r\nGET /close HTTP/1.0\r\n\r\n");

    assertThat(heads(answers).get(0))
        .startsWith("HTTP/1.1 205 Reset Content\r\n")
        .endsWith("\r\nContent-Length: 0")
        .doesNotContain("Transfer-Encoding");
    assertThat(heads(answers).get(1)).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void anEmptyAnswerSaysThatItIsEmpty() throws Exception {
    assertThat(exchange("GET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Date: now\r
            Content-Length: 0\r
            Connection: close\r
            \r
            """);
  }

  @Test
  void aHeaderIsOneByteACharacter() throws Exception {
    assertThat(exchange("GET /latin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .contains("\r\nX: \u00e9\r\n");
  }

  @Test
  void bytesMayComeOneByOne() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      String bytes =
          """
          POST / HTTP/1.1\r
          Host: a\r
          Transfer-Encoding: chunked\r
          Connection: close\r
          \r
          2\r
          ab\r
          0\r
          \r
          """;
      for (int i = 0; i < bytes.length(); i++) {
        client.send(bytes.substring(i, i + 1));
      }

      assertThat(client.readAll()).endsWith("\r\n\r\nab");
    }
  }

  @Test
  void aClientThatHasSentItsLastRequestAndTheEndIsAnswered() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").finish();

      assertThat(client.readAll()).endsWith("hello");
    }
    try (RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").finish();

      assertThat(client.readAll()).endsWith("hello");
    }
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }
}
