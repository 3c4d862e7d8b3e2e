package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | [a=null b=null]",
        "a=1            | [a=1 b=null]",
        "a=1&b=2        | [a=1 b=2]",
        "b=2&a=1        | [a=1 b=2]",
        "a=1&a=2        | [a=1 b=null]",
        "a              | [a= b=null]",
        "a=             | [a= b=null]",
        "a&b            | [a= b=]",
        "a=b=c          | [a=b=c b=null]",
        "&&a=1&&        | [a=1 b=null]",
        "=1&a=2         | [a=2 b=null]",
        "a=x+y%2Bz      | [a=x y+z b=null]",
        "%61=1          | [a=1 b=null]",
        "a=%26b%3D2     | [a=&b=2 b=null]",
        "A=1            | [a=null b=null]",
        "a;b=1          | [a=null b=null]",
      })
  void aQueryIsReadFieldByField(String query, String expected) {
    Params params = Params.parseQuery(query);

    assertThat("[a=" + params.find("a").orElse(null) + " b=" + params.find("b").orElse(null) + "]")
        .isEqualTo(expected);
    assertThat(Params.parseForm(query)).isEqualTo(params).hasSameHashCodeAs(params);
  }

  @Test
  void everyValueIsKeptInItsOrder() {
    Params params = Params.parseQuery("a=1&b=2&a=3");

    assertThat(params.all("a")).containsExactly("1", "3");
    assertThat(params.all("x")).isEmpty();
    assertThat(params.names()).containsExactly("a", "b");
    assertThat(params.isEmpty()).isFalse();
    assertThat(Params.parseQuery("").isEmpty()).isTrue();
    assertThat(Params.ofPath().isEmpty()).isTrue();
    assertThat(params).hasToString("query parameters [a, 1, b, 2, a, 3]");
  }

  @Test
  void theArrayThatPathParametersAreMadeOfMayBeChangedAfterwards() {
    String[] pairs = {"id", "1"};
    Params params = Params.ofPath(pairs);
    pairs[1] = "2";

    assertThat(params.get("id")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "%zz=1", "a=1&b=%C3"})
  void malformedEncodingIsA400(String query) {
    assertRefused(() -> Params.parseQuery(query));
    assertRefused(() -> Params.parseForm(query));
  }

  @Test
  void aValueIsReadAsTheTypeThatTheHandlerWants() {
    Params params =
        Params.parseQuery("i=-7&l=9007199254740993&u=00000000-0000-0001-0000-000000000002");

    assertThat(params.asInt("i")).isEqualTo(-7);
    assertThat(params.asLong("l")).isEqualTo(9007199254740993L);
    assertThat(params.as("u", UUID::fromString)).isEqualTo(new UUID(1, 2));
    assertThat(params.get("i")).isEqualTo("-7");
  }

  @Test
  void aFallbackStandsForAMissingValueOnly() {
    Params params = Params.parseQuery("bad=x");

    assertThat(params.asInt("none", 1)).isEqualTo(1);
    assertThat(params.asLong("none", 2)).isEqualTo(2);
    assertThat(params.as("none", UUID::fromString, new UUID(1, 2))).isEqualTo(new UUID(1, 2));
    assertRefused(() -> params.asInt("bad", 1));
    assertRefused(() -> params.asLong("bad", 1));
    assertRefused(() -> params.as("bad", UUID::fromString, new UUID(1, 2)));
  }

  @ParameterizedTest
  @CsvSource({
    "f=true, true",
    "f=1, true",
    "f=on, true",
    "f=yes, true",
    "f, true",
    "f=, true",
    "f=false, false",
    "f=0, false",
    "f=off, false",
    "f=no, false",
    "g=1, false",
  })
  void aFlagIsReadInTheWaysThatPeopleWriteFlags(String query, boolean expected) {
    assertThat(Params.parseQuery(query).asBoolean("f")).isEqualTo(expected);
  }

  @Test
  void aComplaintNamesTheParameterItsKindAndTheValue() {
    Params query = Params.parseQuery("page=two&f=maybe&big=3000000000");

    assertThat(assertRefused(() -> query.asInt("page")))
        .isEqualTo("query parameter 'page' is not a whole number of 32 bits: 'two'");
    assertThat(assertRefused(() -> query.asInt("big")))
        .isEqualTo("query parameter 'big' is not a whole number of 32 bits: '3000000000'");
    assertThat(assertRefused(() -> query.asLong("page")))
        .isEqualTo("query parameter 'page' is not a whole number of 64 bits: 'two'");
    assertThat(assertRefused(() -> query.asBoolean("f")))
        .isEqualTo("query parameter 'f' is neither true nor false: 'maybe'");
    assertThat(assertRefused(() -> query.get("none")))
        .isEqualTo("query parameter 'none' is missing");
    assertThat(assertRefused(() -> Params.ofPath("id", "x").as("id", UUID::fromString)))
        .isEqualTo("path parameter 'id' is not valid: 'x'");
    assertThat(assertRefused(() -> Params.parseForm("a=1").asInt("b")))
        .isEqualTo("form field 'b' is missing");
  }

  @Test
  void aParserMayRefuseInItsOwnWords() {
    HttpException own = new HttpException(404, "no such user");

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(
            () ->
                Params.ofPath("id", "7")
                    .as(
                        "id",
                        id -> {
                          throw own;
                        }))
        .isSameAs(own);
  }

  private static String assertRefused(ThrowingCallable call) {
    HttpException[] refusal = new HttpException[1];
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(call)
        .satisfies(thrown -> assertThat(thrown.status()).isEqualTo(400))
        .satisfies(thrown -> refusal[0] = thrown);
    return refusal[0].detail();
  }

  @Test
  void aFormHas256FieldsAtMost() {
    assertThat(Params.parseForm("a=1&".repeat(255) + "a=1").all("a")).hasSize(256);
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> Params.parseForm("a=1&".repeat(256) + "a=1"))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(413));
  }
}
