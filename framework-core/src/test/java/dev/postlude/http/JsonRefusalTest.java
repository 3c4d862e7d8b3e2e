package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client is told whose document does not become the type. */
class JsonRefusalTest {
  enum Size {
    SMALL,
    LARGE
  }

  record Order(
      boolean gift,
      Integer count,
      long weight,
      BigDecimal price,
      String note,
      Size size,
      UUID id,
      LocalDate day,
      Instant at,
      List<String> tags,
      Map<String, String> more) {}

  private static HttpException refusal(String document, Class<?> type) {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    return catchThrowableOfType(HttpException.class, () -> Json.read(bytes, type));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          gift   | "?" | true or false
          count  | "?" | a whole number of 32 bits
          weight | 1.5 | a whole number of 64 bits
          price  | "?" | a number
          note   | []  | text
          size   | "?" | one of "SMALL", "LARGE"
          id     | "?" | a UUID
          day    | "?" | a date such as 2026-01-31
          at     | "?" | a time such as 2026-01-31T12:00:00Z
          tags   | "?" | an array
          more   | "?" | an object
          """)
  void whatDoesNotFitIsToldWhatWould(String name, String wrong, String wanted) {
    assertThat(refusal("{\"" + name + "\": " + wrong + "}", Order.class).detail())
        .startsWith("the JSON body does not fit at '" + name + "' at line 1, column ")
        .endsWith(": send " + wanted);
  }

  @Test
  void soIsAWholeDocument() {
    assertThat(refusal("1", String[].class).detail()).endsWith(": send an array");
    assertThat(refusal("[]", Order.class).detail()).endsWith(": send an object");
  }

  record Adult(int age) {
    Adult {
      if (age < 18) {
        throw new HttpException(422, "age: 18 at least").header("X-Seen", "yes");
      }
    }
  }

  record Party(List<Adult> guests) {}

  @Test
  void aTypeThatRefusesItsValuesSaysItselfWithWhat() {
    HttpException refusal = refusal("{\"guests\": [{\"age\": 30}, {\"age\": 7}]}", Party.class);
    assertThat(refusal.status()).isEqualTo(422);
    assertThat(refusal.detail()).isEqualTo("age: 18 at least");
    assertThat(refusal.headers().find("X-Seen")).contains("yes");
  }
}
