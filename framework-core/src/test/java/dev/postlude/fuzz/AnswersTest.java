package dev.postlude.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of the fuzzer forgives nothing. */
class AnswersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static List<Integer> read(String text) throws IOException {
    return Answers.statusesOf(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void answersInARow() throws Exception {
    String chunked = "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n";
    String empty = "HTTP/1.1 204 No Content\r\n\r\n";
    String last = "HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\nto the end";

    assertThat(read(OK + chunked + empty + OK + last)).containsExactly(200, 404, 204, 200, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", // torn
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok", // something behind it
        "HTTP/1.1 200 OK\r\n\r\nok", // no framing
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        "HTTP/1.1 200 O\u0000K\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      })
  void whatIsNotWellFormedIsSaidSo(String text) {
    assertThatIOException().isThrownBy(() -> read(text));
  }
}
