package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncodingTest {
  private static String head(Response response, Persistence persistence, boolean chunked) {
    Outlet head = new Outlet();
    ResponseEncoding.head(head, response, persistence, chunked);
    ByteBuf bytes = head.take(UnpooledByteBufAllocator.DEFAULT);
    try {
      return bytes
          .toString(StandardCharsets.ISO_8859_1)
          .replaceAll("\r\nDate: [^\r]*", "\r\nDate: now");
    } finally {
      bytes.release();
    }
  }

  @Test
  void aHeadIsTheStatusTheDateTheFieldsAndTheFraming() {
    Response response = Response.text("\u20ac").addHeader("X", "1").addHeader("x", "caf\u00e9");

    assertThat(head(response, Persistence.IMPLIED, false))
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Date: now\r
            Content-Type: text/plain; charset=utf-8\r
            X: 1\r
            x: caf\u00e9\r
            Content-Length: 3\r
            \r
            """);
  }

  @Test
  void whatIsSaidOfTheConnectionIsSaidOnce() {
    Response closing = Response.of(200).header("Connection", "close");

    for (int time = 1; time <= 3; time++) { // as what is written again is kept
      assertThat(head(closing, Persistence.CLOSE, false)).containsOnlyOnce("Connection: close\r\n");
      assertThat(head(closing, Persistence.IMPLIED, false)).doesNotContain("Connection");
    }
    assertThat(head(Response.of(200), Persistence.KEEP_ALIVE, false))
        .contains("Connection: keep-alive\r\n");
    assertThat(head(Response.of(200), Persistence.IMPLIED, false)).doesNotContain("Connection");
  }

  @Test
  void chunkedContentHasNoLength() {
    Response response = Response.stream("text/x", out -> {});

    assertThat(head(response, Persistence.IMPLIED, true))
        .contains("Transfer-Encoding: chunked\r\n")
        .doesNotContain("Content-Length");
    assertThat(head(response, Persistence.CLOSE, false))
        .doesNotContain("Content-Length", "Transfer-Encoding");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void someAnswersHaveNoLengthSinceTheyHaveNoContent(int status) {
    assertThat(head(Response.text("x").status(status), Persistence.IMPLIED, false))
        .doesNotContain("Content-Length");
  }

  @Test
  void resetContentSaysThatItHasNone() {
    assertThat(head(Response.text("x").status(205), Persistence.IMPLIED, false))
        .containsOnlyOnce("Content-Length: 0\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {299, 599})
  void anUnregisteredStatusHasAReasonPhraseToo(int status) {
    assertThat(head(Response.of(status), Persistence.IMPLIED, false))
        .startsWith("HTTP/1.1 " + status + " Status\r\n");
  }

  @Test
  void theDateIsThatOfNow() {
    HttpDate.refresh();
    String text = HttpDate.latest().text();
    ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);

    assertThat(text).matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT");
    assertThat(head(Response.of(200), Persistence.IMPLIED, false)).contains("Date: ");
    assertThat(Duration.between(date, ZonedDateTime.now(date.getZone())))
        .isBetween(Duration.ZERO, Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Name: a value\u00e9", "Connection: close", ""})
  void aConstantResponseIsWrittenTheSameWayEveryTime(String field) {
    int colon = field.indexOf(':');
    Response text = Response.text("x");
    Response shared =
        colon < 0 ? text : text.header(field.substring(0, colon), field.substring(colon + 2));
    String first = head(shared, Persistence.IMPLIED, false).replaceAll("Date: .*", "");

    for (int i = 0; i < 3; i++) {
      assertThat(head(shared, Persistence.IMPLIED, false).replaceAll("Date: .*", ""))
          .isEqualTo(first)
          .contains("Content-Type: text/plain; charset=utf-8\r\n");
    }
  }
}
