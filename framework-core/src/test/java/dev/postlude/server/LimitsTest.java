package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large requests may be, and how a client that sends more gets to know it. */
class LimitsTest {
  private static final AtomicInteger HANDLED = new AtomicInteger();
  private static Server server;

  @BeforeAll
  static void start() {
    server =
        Loopback.serve(
            App.of(
                routes -> {
                  routes.get("/{path...}", request -> handled("fine"));
                  routes.post("/", request -> handled(request.bytes().length + ""));
                  routes
                      .post("/more", request -> handled(request.bytes().length + ""))
                      .maxBody(5_000);
                  routes.post("/none", request -> handled("")).maxBody(0);
                }),
            options ->
                options.maxRequestLine(200).maxHead(2_000).maxHeaderCount(10).maxBody(1_000));
  }

  private static Response handled(String text) {
    HANDLED.incrementAndGet();
    return Response.text(text);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void none() {
    HANDLED.set(0);
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
  }

  @Test
  void aRequestLineUpToTheLimitIsFineAndALongerOneIsA414() throws Exception {
    int around = "GET / HTTP/1.1".length();
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/" + "a".repeat(200 - around), ""));
      assertThat(client.read().text()).isEqualTo("fine");

      client.send(get("/" + "a".repeat(201 - around), "") + get("/", ""));
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(414);
      assertThat(reply.text()).contains("the request line is longer than 200 bytes");
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(HANDLED).hasValue(1);
  }

  @Test
  void anEndlessRequestLineIsCutOff() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /" + "a".repeat(1_000)); // and no end of line

      assertThat(client.read().status()).isEqualTo(414);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aHeaderSectionBeyondTheLimitIsA431() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/", "X: " + "a".repeat(1_900) + "\r\n"));
      assertThat(client.read().text()).isEqualTo("fine");

      client.send(get("/", "X: " + "a".repeat(2_000) + "\r\n") + get("/", ""));
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(431);
      assertThat(reply.text()).contains("the header section is larger than 2000 bytes");
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(HANDLED).hasValue(1);
  }

  @Test
  void anEndlessHeaderSectionIsCutOff() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(3_000)); // and no end

      assertThat(client.read().status()).isEqualTo(431);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void moreFieldsThanTheLimitAreA431() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(get("/", "X: 1\r\n".repeat(9)));
      assertThat(client.read().text()).isEqualTo("fine");

      client.send(get("/", "X: 1\r\n".repeat(10)) + get("/", ""));
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(431);
      assertThat(reply.text()).contains("more than 10 header fields");
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(HANDLED).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/, 1000, 200",
    "/, 1001, 413",
    "/more, 5000, 200",
    "/more, 5001, 413",
    "/none, 0, 200",
    "/none, 1, 413",
  })
  void aBodyIsAsLargeAsItsRouteAllows(String path, int length, int status) throws Exception {
    String head = "POST " + path + " HTTP/1.1\r\nHost: a\r\n";
    try (RawClient announced = RawClient.to(server);
        RawClient chunked = RawClient.to(server)) {
      announced.send(head + "Content-Length: " + length + "\r\n\r\n" + "x".repeat(length));
      chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(length));

      assertThat(announced.read().status()).isEqualTo(status);
      assertThat(chunked.read().status()).isEqualTo(status);
      if (status == 413) {
        assertThat(announced.isAtEnd()).isTrue();
        assertThat(chunked.isAtEnd()).isTrue();
      }
    }
    assertThat(HANDLED).hasValue(status == 200 ? 2 : 0);
  }

  private static String chunks(int length) {
    StringBuilder chunks = new StringBuilder();
    for (int left = length; left > 0; left -= 100) {
      int some = Math.min(left, 100);
      chunks.append(Integer.toHexString(some)).append("\r\n").append("x".repeat(some));
      chunks.append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  @Test
  void aBodyThatIsAnnouncedAsTooLargeIsRefusedBeforeItIsSent() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
      Reply reply = client.read();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.text()).contains("the body is larger than 1000 bytes");
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aClientThatIsStillSendingSeesTheAnswerInsteadOfAReset() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawClient client = RawClient.to(server)) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
        for (int sent = 0; sent < 200_000; sent += 10_000) {
          client.send("x".repeat(10_000)); // 413 is there long before
        }

        assertThat(client.read().status()).isEqualTo(413);
        assertThat(client.isAtEnd()).isTrue();
      }
    }
  }

  @Test
  void nothingInARefusedBodyIsExecuted() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n" + get("/", ""));

      assertThat(client.readStatuses()).containsExactly(413);
    }
    assertThat(HANDLED).hasValue(0);
  }

  @Test
  void whoExpectsToContinueIsToldSo() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          """
          POST / HTTP/1.1\r
          Host: a\r
          Content-Length: 5\r
          Expect: 100-Continue\r
          Connection: close\r
          \r
          """);
      assertThat(client.readText(25)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

      client.send("hello");
      assertThat(client.readAll()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n5");
    }
  }

  @Test
  void whoExpectsToContinueWithTooMuchIsToldThatInstead() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          """
          POST / HTTP/1.1\r
          Host: a\r
          Content-Length: 1001\r
          Expect: 100-continue\r
          \r
          """);

      assertThat(client.readAll()).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
    }
  }

  @Test
  void whoExpectsWithoutABodyOrInHttp10IsJustAnswered() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          """
          POST / HTTP/1.1\r
          Host: a\r
          Content-Length: 0\r
          Expect: 100-continue\r
          \r
          POST / HTTP/1.0\r
          Content-Length: 5\r
          Expect: 100-continue\r
          \r
          hello""");

      assertThat(client.readStatuses()).containsExactly(200, 200);
    }
  }

  @Test
  void whoExpectsAnythingElseIsToldThatItCannotBeMet() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          """
          POST / HTTP/1.1\r
          Host: a\r
          Content-Length: 5\r
          Expect: a-miracle\r
          \r
          hello"""
              + get("/", ""));
      Reply reply = client.read();

      assertThat(reply.status()).isEqualTo(417);
      assertThat(reply.text()).contains("the one expectation met here is 100-continue");
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(HANDLED).hasValue(0);
  }

  @Test
  void theDefaultsTakeWhatTheRfcAsksFor() throws Exception {
    try (Server open = Loopback.serve(routes -> routes.get("/{path...}", r -> Response.of(204)));
        RawClient client = RawClient.to(open)) {
      client.send(get("/" + "a".repeat(8_000), "")); // RFC 9112 section 3
      assertThat(client.read().status()).isEqualTo(204);

      client.send(get("/", "X: 1\r\n".repeat(99)));
      assertThat(client.read().status()).isEqualTo(204);

      client.send(get("/", "X: 1\r\n".repeat(100)));
      assertThat(client.read().status()).isEqualTo(431);
    }
  }
}
