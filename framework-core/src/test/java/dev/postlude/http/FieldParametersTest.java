package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldParametersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "form-data; name=a                   | a",
        "form-data; NAME=a                   | a",
        "form-data;name=\"a\"                | a",
        "form-data ; name = \"a b\" ; x=y    | a b",
        "form-data; x=\"; name=no\"; name=a  | a",
        "form-data; name=\"a\\\"b\"          | a\"b",
        "form-data; name=\"a\\\\b\"          | a\\b",
        "form-data; name=\"C:\\dir\\a.txt\"  | C:\\dir\\a.txt",
        "form-data; name=a;                  | a",
        "form-data; name=a;;                 | a",
        "form-data; name=\"\"                | ``",
        "form-data; name=                    | ``",
      })
  void aParameterIsFoundByItsName(String field, String name) {
    FieldParameters parsed = FieldParameters.parse(field);

    assertThat(parsed.value()).isEqualTo("form-data");
    assertThat(parsed.get("name")).isEqualTo(name);
  }

  @Test
  void thereNeedBeNone() {
    assertThat(FieldParameters.parse("Text/Plain").value()).isEqualTo("text/plain");
    assertThat(FieldParameters.parse("text/plain").get("name")).isNull();
    assertThat(FieldParameters.parse("").value()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name",
        "form-data; name=\"a",
        "form-data; name=\"a\\\"",
        "form-data; name=\"a\" b",
        "form-data; na me=a",
        "form-data; =a",
        "form-data; name=a; name=b",
        "form-data; name=a; NAME=\"a\"",
      })
  void whatCouldBeReadInTwoWaysIsRefused(String field) {
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> FieldParameters.parse(field))
        .satisfies(e -> assertThat(e.status()).isEqualTo(400));
  }
}
