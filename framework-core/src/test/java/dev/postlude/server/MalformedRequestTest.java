package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two parsers could read in two ways, and others that nobody should read: they are
 * refused, and nothing that follows them on the connection is executed.
 */
class MalformedRequestTest {
  private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final AtomicInteger SMUGGLED = new AtomicInteger();
  private static Server server;
  private static LogLines log;

  @BeforeAll
  static void start() {
    log = LogLines.of("dev.postlude");
    server =
        Loopback.serve(
            App.of(
                routes -> {
                  routes.get("/", request -> Response.text("fine"));
                  routes.post("/", request -> Response.text(request.text()));
                  routes.get("/host", request -> Response.text(request.headers().all("Host") + ""));
                  routes.get("/fold", request -> Response.text(request.header("X").orElse("")));
                  routes.get(
                      "/smuggled", request -> Response.text(SMUGGLED.incrementAndGet() + ""));
                }));
  }

  @AfterAll
  static void stop() {
    server.close();
    log.close();
  }

  @BeforeEach
  void none() {
    SMUGGLED.set(0);
  }

  private static Arguments post(String what, int status, String headersAndBody) {
    return Arguments.of(what, status, "POST / HTTP/1.1\r\nHost: a\r\n" + headersAndBody);
  }

  static Stream<Arguments> framing() {
    return Stream.of(
        post(
            "length and chunks",
            400,
            """
            Content-Length: 5\r
            Transfer-Encoding: chunked\r
            \r
            0\r
            \r
            """),
        post(
            "chunks and length",
            400,
            """
            Transfer-Encoding: chunked\r
            Content-Length: 5\r
            \r
            0\r
            \r
            """),
        post("two lengths", 400, "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        post("one length twice", 400, "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        post("a list of lengths", 400, "Content-Length: 5, 5\r\n\r\nhello"),
        post("a length with a sign", 400, "Content-Length: +5\r\n\r\nhello"),
        post("a negative length", 400, "Content-Length: -5\r\n\r\nhello"),
        post("a hexadecimal length", 400, "Content-Length: 0x5\r\n\r\nhello"),
        post("a length with more behind it", 400, "Content-Length: 5x\r\n\r\nhello"),
        post("a length with a space in it", 400, "Content-Length: 5 5\r\n\r\nhello"),
        post("an empty length", 400, "Content-Length: \r\n\r\nhello"),
        post("a length beyond 64 bits", 400, "Content-Length: 99999999999999999999\r\n\r\nhello"),
        post("a length of all 63 bits", 413, "Content-Length: 9223372036854775807\r\n\r\nhello"),
        post("xchunked", 400, "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        post("chunked with a tab of another kind", 400, te("\u000bchunked")),
        post("chunked in quotes", 400, te("\"chunked\"")),
        post("chunked with a parameter", 400, te("chunked;q=1")),
        post("chunked and a comma", 501, te("chunked,")),
        post("identity, chunked", 501, te("identity, chunked")),
        post("chunked, identity", 400, te("chunked, identity")),
        post("gzip", 400, te("gzip")),
        post("no coding", 400, te("")),
        post("folded chunked", 400, "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        post("folded length", 400, "Content-Length:\r\n 5\r\n\r\nhello"),
        post("a space before the colon", 400, "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        post("a space before another colon", 400, "Content-Length : 5\r\n\r\nhello"),
        post("chunked twice", 400, "Transfer-Encoding: chunked\r\n" + te("chunked")),
        post("chunked and identity", 400, "Transfer-Encoding: chunked\r\n" + te("identity")),
        Arguments.of(
            "chunks in HTTP/1.0",
            400,
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
  }

  private static String te(String coding) {
    return "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n";
  }

  static Stream<Arguments> chunks() {
    return Stream.of(
            List.of("0x5", "0x5\r\nhello\r\n0\r\n\r\n"),
            List.of("a sign", "+5\r\nhello\r\n0\r\n\r\n"),
            List.of("a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
            List.of("a space before", " 5\r\nhello\r\n0\r\n\r\n"),
            List.of("a space behind", "5 \r\nhello\r\n0\r\n\r\n"),
            List.of("no size", "\r\nhello\r\n0\r\n\r\n"),
            List.of("no number", "g\r\nhello\r\n0\r\n\r\n"),
            List.of("a size beyond 32 bits", "100000005\r\nhello\r\n0\r\n\r\n"),
            List.of("a size beyond 64 bits", "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
            List.of("a line feed alone", "5\nhello\r\n0\r\n\r\n"),
            List.of("a line feed alone behind an extension", "5;\nhello\r\n0\r\n\r\n"),
            List.of("more data than its size", "5\r\nhelloXX\r\n0\r\n\r\n"),
            List.of("no end of its data", "5\r\nhello0\r\n\r\n"),
            List.of("a line feed alone behind its data", "5\r\nhello\n0\r\n\r\n"),
            List.of("a trailer without a colon", "5\r\nhello\r\n0\r\nfoo\r\n\r\n"),
            List.of("a trailer with a space in its name", "5\r\nhello\r\n0\r\nX a: b\r\n\r\n"),
            List.of("a line feed alone at the end", "5\r\nhello\r\n0\r\n\n"))
        .map(
            each ->
                post(
                    "a chunk with " + each.get(0),
                    400,
                    "Transfer-Encoding: chunked\r\n\r\n" + each.get(1)));
  }

  private static Arguments get(String what, String headers) {
    return Arguments.of(what, 400, "GET / HTTP/1.1\r\n" + headers + "\r\n");
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        get("no host", ""),
        get("two hosts", "Host: a\r\nHost: a\r\n"),
        get("a list of hosts", "Host: a, b\r\n"),
        get("a host with a space", "Host: a b\r\n"),
        get("a host with a user", "Host: u@a\r\n"),
        get("a host with a path", "Host: a/b\r\n"),
        get("a host with a port that is none", "Host: a:x\r\n"),
        get("a space before the colon of the host", "Host : a\r\n"),
        get("a line feed alone", "Host: a\nX: b\r\n"),
        get("a carriage return alone", "Host: a\rX: b\r\n"),
        get("a carriage return before the end", "Host: a\r\r\n"),
        get("NUL in a value", "Host: a\r\nX: a\0b\r\n"),
        get("NUL in a name", "Host: a\r\nX\0: b\r\n"),
        get("DEL in a value", "Host: a\r\nX: \u007f\r\n"),
        get("ESC in a value", "Host: a\r\nX: \u001b[31m\r\n"),
        get("no colon", "Host: a\r\nXabc\r\n"),
        get("no name", "Host: a\r\n: b\r\n"),
        get("a space in a name", "Host: a\r\nX Y: b\r\n"),
        get("a name beyond ASCII", "Host: a\r\nX\u00e9: b\r\n"),
        get("a space before the first name", " X: b\r\nHost: a\r\n"),
        get("a folded host", "Host: a\r\n b\r\n"));
  }

  private static Arguments line(int status, String what, String line) {
    return Arguments.of(what, status, line + "\r\nHost: a\r\n\r\n");
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        line(400, "no version", "GET /"),
        line(400, "no path", "GET HTTP/1.1"),
        line(400, "a version of one number", "GET / HTTP/x"),
        line(400, "a version of many digits", "GET / HTTP/1.10"),
        line(400, "another protocol", "GET / FOO/1.1"),
        line(400, "a space in the version", "GET / HTTP /1.1"),
        line(400, "a space behind the version", "GET / HTTP/1.1 "),
        line(505, "HTTP/1.2", "GET / HTTP/1.2"),
        line(505, "HTTP/2.0", "GET / HTTP/2.0"),
        line(505, "HTTP/0.9", "GET / HTTP/0.9"),
        line(400, "a line feed alone", "GET / HTTP/1.1\nX: y"),
        line(400, "a carriage return before the end", "GET / HTTP/1.1\r"),
        line(400, "NUL before the method", "\0GET / HTTP/1.1"),
        line(400, "a method with a parenthesis", "G(T / HTTP/1.1"),
        line(400, "NUL in the target", "GET /\0 HTTP/1.1"),
        line(400, "a control byte in the target", "GET /\u0001 HTTP/1.1"),
        line(400, "a carriage return in the target", "GET /a\rb HTTP/1.1"),
        line(400, "DEL in the target", "GET /\u007f HTTP/1.1"),
        line(400, "an 8-bit byte in the target", "GET /\u00e9 HTTP/1.1"),
        line(400, "a space in the target", "GET /a b HTTP/1.1"),
        line(400, "a fragment", "GET /#a HTTP/1.1"),
        line(400, "a relative path", "GET a HTTP/1.1"),
        line(400, "a path without a slash after a host", "GET //a@b\\c HTTP/1.1\r\nHost: b"),
        line(400, "an asterisk for GET", "GET * HTTP/1.1"),
        line(400, "a tunnel", "CONNECT a:80 HTTP/1.1"),
        line(400, "another scheme", "GET ftp://a/ HTTP/1.1"),
        line(400, "a URI without a host", "GET http:///x HTTP/1.1"),
        line(400, "a URI with a user", "GET http://u@a/ HTTP/1.1"),
        line(400, "a URI with a malformed host", "GET http://a^b/ HTTP/1.1"),
        line(400, "a TLS handshake", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"framing", "chunks", "fields", "lines"})
  void isRefusedAndNothingBehindItIsExecuted(String what, int status, String bytes)
      throws Exception {
    String answers;
    try (RawClient client = RawClient.to(server)) {
      answers = client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + bytes + NEXT).readAll();
    }

    // The one before is answered; the one behind is not even looked at.
    String refused = answers.substring(answers.indexOf("fine") + 4);
    assertThat(refused).startsWith("HTTP/1.1 " + status + " ");
    assertThat(refused)
        .containsOnlyOnce("\r\nDate: now\r\n")
        .contains("\r\nConnection: close\r\n", "\r\nContent-Type: application/problem+json\r\n")
        .doesNotContain("Exception", "netty");
    assertThat(SMUGGLED).hasValue(0);
  }

  static Stream<Arguments> allowed() {
    return Stream.of(
        Arguments.of("a path", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "fine"),
        Arguments.of("empty lines before it", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "fine"),
        Arguments.of("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "fine"),
        Arguments.of("an address for a host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "fine"),
        Arguments.of("a port", "GET / HTTP/1.1\r\nHost: a.b-c_d:80\r\n\r\n", "fine"),
        Arguments.of("a URI", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "fine"),
        Arguments.of("a URI without a path", "GET http://b HTTP/1.1\r\nHost: a\r\n\r\n", "fine"),
        Arguments.of("a URI with a query", "GET http://b?c HTTP/1.1\r\nHost: a\r\n\r\n", "fine"),
        Arguments.of("HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "fine"),
        Arguments.of(
            "a chunk in capitals",
            """
            POST / HTTP/1.1\r
            Host: a\r
            transfer-encoding:\tChunked\r
            \r
            0A;x="y"\r
            0123456789\r
            0\r
            \r
            """,
            "0123456789"),
        Arguments.of(
            "a length with zeros",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello",
            "hello"),
        Arguments.of(
            "a folded field, which RFC 9112 section 5.2 lets a server read as one line",
            "GET /fold HTTP/1.1\r\nHost: a\r\nX: a\r\n\t b\r\n\r\n",
            "a b"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void allowed(String what, String bytes, String answer) throws Exception {
    try (RawClient client = RawClient.to(server)) {
      assertThat(client.send(bytes).read().text()).isEqualTo(answer);
    }
  }

  /** RFC 9112 section 3.2.2: a proxy goes by the URI, and so must we. */
  @ParameterizedTest
  @CsvSource({
    "http://b:80/host, Host: a, b:80",
    "http://b/host, host: a, b",
    "http://b/host, Host:, b",
    "/host?http://b/, Host: a, a"
  })
  void aUriNamesTheHostWhateverTheFieldSays(String target, String field, String host)
      throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET " + target + " HTTP/1.1\r\n" + field + "\r\n\r\n");

      assertThat(client.read().text()).isEqualTo("[" + host + "]");
    }
  }

  @Test
  void anAsteriskAsksOfTheWholeServer() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").read().status())
          .isEqualTo(204);
    }
  }
}
