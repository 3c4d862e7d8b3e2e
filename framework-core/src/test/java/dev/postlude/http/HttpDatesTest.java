package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDatesTest {
  private static final Instant DATE = Instant.parse("1994-11-06T08:49:37Z");

  @Test
  void aDateIsWrittenToTheSecond() {
    assertThat(HttpDates.format(DATE.plusMillis(999))).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        " Sun, 06 Nov 1994 08:49:37 GMT "
      })
  void allThreeFormatsAreRead(String text) {
    assertThat(HttpDates.parse(text)).contains(DATE);
  }

  @Test
  void twoDigitsOfAYearAreOfThisCenturyUnlessTheyAreOfTheLast() {
    assertThat(HttpDates.parse("Friday, 01-Jan-27 00:00:00 GMT"))
        .contains(Instant.parse("2027-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "yesterday",
        "Mon, 06 Nov 1994 08:49:37 GMT", // it was a Sunday
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 25:00:00 GMT",
        "1994-11-06T08:49:37Z"
      })
  void whatIsNoDateIsNone(String text) {
    assertThat(HttpDates.parse(text)).isEmpty();
  }
}
