package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestHeadTest {
  private static final ServerOptions OPTIONS = ServerOptions.onPort(0).maxHeaderCount(5);

  private static HttpRequest message(String method, String target, String... fields) {
    HttpRequest message =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target);
    HttpHeaders headers = message.headers().add("Host", "a");
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return message;
  }

  private static int refusal(HttpRequest message) {
    try {
      RequestHead.of(message, OPTIONS);
      return 0;
    } catch (HttpException refusal) {
      return refusal.status();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET     | /a?b=c            | /a?b=c | /a",
        "GET     | /                 | /      | /",
        "GET     | //a               | //a    | //a",
        "GET     | /a/../b           | /a/../b| /a/../b",
        "GET     | http://b/a?b=c    | /a?b=c | /a",
        "GET     | https://b:1/a     | /a     | /a",
        "GET     | http://b          | /      | /",
        "GET     | http://b?c        | /?c    | /",
        "OPTIONS | *                 | *      | *",
      })
  void theTargetIsThePathAndTheQuery(String method, String uri, String target, String path) {
    RequestHead head = RequestHead.of(message(method, uri), OPTIONS);

    assertThat(head.method()).isEqualTo(Method.of(method));
    assertThat(head.target()).isEqualTo(target);
    assertThat(head.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "close, false",
    "'x, Close', false",
    "keep-alive, true",
  })
  void aConnectionIsKeptUnlessItIsSaidOtherwise(String connection, boolean kept) {
    RequestHead head = RequestHead.of(message("GET", "/", "Connection", connection), OPTIONS);

    assertThat(head.keepAlive()).isEqualTo(kept);
    assertThat(head.http10()).isFalse();
  }

  @Test
  void inHttp10ItIsTheOtherWayRoundAndNoHostIsNeeded() {
    HttpRequest plain = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/");
    HttpRequest kept = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/");
    kept.headers().add("Connection", "Keep-Alive");

    assertThat(RequestHead.of(plain, OPTIONS).keepAlive()).isFalse();
    assertThat(RequestHead.of(plain, OPTIONS).http10()).isTrue();
    assertThat(RequestHead.of(kept, OPTIONS).keepAlive()).isTrue();
  }

  @Test
  void aLengthIsReadAndAnAbsentOneIsUnknown() {
    assertThat(RequestHead.of(message("POST", "/", "Content-Length", "7"), OPTIONS).contentLength())
        .isEqualTo(7);
    assertThat(RequestHead.of(message("POST", "/"), OPTIONS).contentLength()).isEqualTo(-1);
  }

  private static HttpRequest broken(Exception cause) {
    HttpRequest message = message("GET", "/");
    message.setDecoderResult(DecoderResult.failure(cause));
    return message;
  }

  static Stream<Arguments> whatTheParserSays() {
    return Stream.of(
        Arguments.of(broken(new TooLongHttpLineException()), 414),
        Arguments.of(broken(new TooLongHttpHeaderException()), 431),
        Arguments.of(broken(new IllegalArgumentException("netty's own words")), 400));
  }

  @ParameterizedTest
  @MethodSource
  void whatTheParserSays(HttpRequest message, int status) {
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> RequestHead.of(message, OPTIONS))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(status))
        .satisfies(refusal -> assertThat(refusal.detail()).doesNotContain("netty"));
  }

  @Test
  void whatTheParserLetsThroughIsCheckedHere() {
    assertThat(refusal(message("GET", "/", "Host", "b"))).isEqualTo(400);
    assertThat(refusal(message("GET", "*"))).isEqualTo(400);
    assertThat(refusal(message("CONNECT", "a:80"))).isEqualTo(400);
    assertThat(refusal(message("GET", "/\u0001"))).isEqualTo(400);
    assertThat(refusal(message("GET", "/#a"))).isEqualTo(400);
    assertThat(refusal(message("GET", "http://u@a/"))).isEqualTo(400);
    assertThat(refusal(message("POST", "/", "Transfer-Encoding", "gzip"))).isEqualTo(501);
    assertThat(refusal(message("POST", "/", "Transfer-Encoding", "gzip, chunked"))).isEqualTo(501);
    assertThat(refusal(message("POST", "/", "Transfer-Encoding", "chunked", "Content-Length", "1")))
        .isEqualTo(400);
    assertThat(refusal(message("POST", "/", "Transfer-Encoding", "chunked"))).isZero();
    assertThat(refusal(message("GET", "/", "A", "", "B", "", "C", "", "D", ""))).isZero();
    assertThat(refusal(message("GET", "/", "A", "", "B", "", "C", "", "D", "", "E", "")))
        .isEqualTo(431);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.2, 505",
    "HTTP/2.0, 505",
    "HTTP/0.9, 505",
    "RTSP/1.1, 505",
  })
  void onlyTwoVersionsAreSpoken(String version, int status) {
    HttpRequest message = message("GET", "/");
    message.setProtocolVersion(HttpVersion.valueOf(version));

    assertThat(refusal(message)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "a, 0", "a.b-c_d, 0", "127.0.0.1:80, 0", "[::1], 0", "[::1]:80, 0", "'', 0", "a:, 0",
    "a b, 400", "a:b, 400", "a/b, 400", "a?b, 400", "u@a, 400", "'a, b', 400", "[::1, 400",
    "a:1:2, 400", "':80', 400", "a^b, 400",
  })
  void aHostIsAHost(String host, int status) {
    HttpRequest message = message("GET", "/");
    message.headers().set("Host", host);

    assertThat(refusal(message)).isEqualTo(status);
  }
}
