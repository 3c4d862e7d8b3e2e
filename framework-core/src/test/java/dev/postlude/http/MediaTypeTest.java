package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource({
    "application/json, true",
    "Application/JSON, true",
    "application/json; charset=utf-8, true",
    "'application/json ;x=y', true",
    "application/problem+json, true",
    "application/vnd.a.b+json; v=1, true",
    "application/jsonp, false",
    "text/json, false",
    "image/svg+json, false",
    "application/json-seq, false",
    "'', false",
    "text/plain; x=application/json, false",
  })
  void jsonIsKnownByItsTypeAndSuffix(String contentType, boolean json) {
    assertThat(MediaType.isJson(contentType)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, true",
    "TEXT/PLAIN;a=b, true",
    "' text/plain ', true",
    "text/plainer, false",
    "text/html; text/plain, false",
  })
  void parametersAndCaseDoNotMatter(String contentType, boolean text) {
    assertThat(MediaType.is(contentType, "text/plain")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, UTF-8",
    "text/plain; charset=iso-8859-1, ISO-8859-1",
    "text/plain; CHARSET=ISO-8859-1, ISO-8859-1",
    "text/plain; charset=\"iso-8859-1\", ISO-8859-1",
    "text/plain; charset=utf-16; x=y, UTF-16",
    "text/plain;charset=us-ascii ;x, US-ASCII",
  })
  void theCharsetIsTheOneNamedOrElseTheFallback(String contentType, Charset charset) {
    assertThat(MediaType.charset(contentType, StandardCharsets.UTF_8)).isEqualTo(charset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain; charset=klingon", "text/plain; charset=", "a; charset=%"})
  void anUnknownCharsetIsA415ThatSaysWhatToSend(String contentType) {
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> MediaType.charset(contentType, StandardCharsets.UTF_8))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(415))
        .satisfies(refusal -> assertThat(refusal.detail()).endsWith(": send utf-8"));
  }
}
