package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                             | text/plain       | 1
          text/plain;q=0.5                       | text/plain       | 0.5
          text/plain ; Q = 0.5                   | text/plain       | 1
          text/plain ; Q=0.5                     | text/plain       | 0.5
          text/plain;charset=utf-8;q=0.25        | text/plain       | 0.25
          TEXT/Plain                             | text/plain       | 1
          text/html                              | text/plain       | 0
          text/*                                 | text/plain       | 1
          text/*;q=0.3, text/plain;q=0.1         | text/plain       | 0.1
          text/plain;q=0.1, text/*;q=0.3         | text/plain       | 0.1
          */*;q=0.8, text/*;q=0                  | text/plain       | 0
          */*;q=0.8, text/*;q=0                  | application/json | 0.8
          text/plain;q=0.2, text/plain;q=0.7     | text/plain       | 0.7
          text/plain;q=0.7, text/plain;q=0.2     | text/plain       | 0.7
          text                                   | text/plain       | 0
          textual/*                              | text/plain       | 0
          gzip, deflate, br                      | gzip             | 1
          gzip;q=0, *                            | gzip             | 0
          *;q=0                                  | gzip             | 0
          deflate                                | gzip             | 0
          """)
  void theMostParticularElementDecides(String field, String offer, double quality) {
    assertThat(accept(field).quality(offer)).isEqualTo(quality);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          q=1         | 1
          q=1.        | 1
          q=1.000     | 1
          q=0         | 0
          q=0.001     | 0.001
          q=0.125     | 0.125
          """)
  void aWeightHasUpToThreeDecimals(String parameter, double quality) {
    assertThat(accept("gzip;" + parameter).quality("gzip")).isEqualTo(quality);
  }

  @ParameterizedTest
  @CsvSource({"q=2", "q=1.001", "q=-1", "q=", "q=0.1234", "q=.5", "q=1e0", "q=NaN", "q=0x"})
  void whatMakesNoSenseIsPassedOver(String parameter) {
    assertThat(accept("gzip;" + parameter + ", br;q=0.5").quality("gzip")).isZero();
    assertThat(accept("gzip;" + parameter + ", br;q=0.5").quality("br")).isEqualTo(0.5);
  }

  @Test
  void toAClientThatSaysNothingEverythingIsWelcome() {
    assertThat(Accept.of(Headers.empty(), "Accept").quality("text/plain")).isEqualTo(1);
  }

  @Test
  void toAClientThatNamesNothingNothingIs() {
    assertThat(accept("").quality("gzip")).isZero();
    assertThat(accept(" , ,;q=1").quality("gzip")).isZero();
  }

  @Test
  void severalFieldsAreOneList() {
    Headers headers = Headers.of("Accept", "text/plain;q=0.5", "accept", "text/html");

    assertThat(Accept.of(headers, "ACCEPT").quality("text/plain")).isEqualTo(0.5);
    assertThat(Accept.of(headers, "ACCEPT").quality("text/html")).isEqualTo(1);
  }

  private static Accept accept(String field) {
    return Accept.of(Headers.of("Accept", field), "Accept");
  }
}
