package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {
  @ParameterizedTest
  @CsvSource({
    "'',                ''",
    "abc,               abc",
    "a%20b,             'a b'",
    "%41,               A",
    "%2f%2F,            //",
    "%25,               %",
    "%2541,             %41",
    "caf%C3%A9,         caf\u00e9",
    "%E2%82%AC,         \u20ac",
    "%F0%9F%98%80,      \ud83d\ude00",
    "%7f%01%0d%0a,      '\u007f\u0001\r\n'",
  })
  void whatIsWellFormedIsDecodedOnce(String text, String decoded) {
    assertThat(PercentEncoding.decodePath(text)).isEqualTo(decoded);
    assertThat(PercentEncoding.decodeForm(text)).isEqualTo(decoded);
  }

  @Test
  void aPlusIsAPlusInAPathAndASpaceInAForm() {
    assertThat(PercentEncoding.decodePath("a+b%2Bc")).isEqualTo("a+b+c");
    assertThat(PercentEncoding.decodeForm("a+b%2Bc")).isEqualTo("a b+c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%4",
        "a%",
        "a%4",
        "%zz",
        "%4g",
        "%g4",
        "% 4",
        "%+4",
        "%-1",
        "%00",
        "a%00b",
        "%80", // a continuation byte without a beginning
        "%C3", // a beginning without a continuation
        "%C3%28", // not a continuation
        "%C0%AF", // an overlong slash
        "%E0%80%AF", // an overlong slash, three bytes
        "%ED%A0%80", // a surrogate
        "%F4%90%80%80", // beyond U+10FFFF
        "%FF",
        "%u0041",
        "%\u0664\u0661", // Arabic digits
        "\u00e9%41", // a raw character that no request target may hold
      })
  void whatIsMalformedIsA400AndNeverAGuess(String text) {
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> PercentEncoding.decodePath(text))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400))
        .withMessageContaining("malformed percent-encoding in '");
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> PercentEncoding.decodeForm(text));
  }

  @Test
  void theComplaintIsShortAndPrintable() {
    String text = "%zz\r\n\0" + "a".repeat(10_000);

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> PercentEncoding.decodePath(text))
        .satisfies(refusal -> assertThat(refusal.detail()).hasSizeLessThan(200))
        .satisfies(refusal -> assertThat(refusal.detail()).doesNotContain("\r", "\n", "\0"));
  }
}
