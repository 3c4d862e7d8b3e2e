package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  record Signup(String email, int age, List<Home> addresses, LocalDate born) {}

  record Home(String street) {
    Home {
      if (street != null && street.isBlank()) {
        throw new IllegalArgumentException("com.example.internal says no");
      }
    }
  }

  interface Unmakeable {
    String name();
  }

  @Test
  void aRecordIsReadWithAllThatIsInIt() {
    Signup signup =
        read(
            """
            {"email": "a@b", "age": 7, "addresses": [{"street": "x"}, {"street": null}],
             "born": "2001-02-03", "unknown": {"is": "ignored"}}
            """,
            Signup.class);

    assertThat(signup)
        .isEqualTo(
            new Signup("a@b", 7, List.of(new Home("x"), new Home(null)), LocalDate.of(2001, 2, 3)));
  }

  @Test
  void valuesAreWrittenAsPeopleExpect() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "\u00e9\u20ac\"");
    value.put("none", null);
    value.put("list", List.of(1, 2.5, true));
    value.put("at", Instant.EPOCH);
    value.put("address", new Home("x"));

    assertThat(write(value))
        .isEqualTo(
            """
            {"text":"\u00e9\u20ac\\"","none":null,"list":[1,2.5,true],\
            "at":"1970-01-01T00:00:00Z","address":{"street":"x"}}\
            """);
    assertThat(write(null)).isEqualTo("null");
  }

  @Test
  void whatCannotBeWrittenIsTheCallersFaultAndSaysOfWhichClass() {
    Map<String, Object> endless = new LinkedHashMap<>();
    endless.put("again", endless);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(endless))
        .withMessage("cannot write java.util.LinkedHashMap as JSON");
  }

  static final class Hidden {
    private final int number = 1;

    int number() {
      return number;
    }
  }

  record Empty() {}

  record Holder(Object held) {}

  @Test
  void aClassThatHasNothingToShowIsRefusedInASentence() {
    for (Object value : List.of(new Hidden(), new Holder(new Hidden()), List.of(new Hidden()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Json.write(value))
          .withMessage(
              "cannot write "
                  + Hidden.class.getName()
                  + " as JSON: make it a record, or give it getters or public fields");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(new Object()))
        .withMessageStartingWith("cannot write java.lang.Object as JSON: make it a record");
  }

  @Test
  void whatIsMeantToBeEmptyIsWritten() {
    assertThat(write(new Empty())).isEqualTo("{}");
    assertThat(write(new Holder(new Empty()))).isEqualTo("{\"held\":{}}");
    assertThat(write(Map.of())).isEqualTo("{}");
    assertThat(write(List.of())).isEqualTo("[]");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("{", "the body is not valid JSON at line 1, column 2"),
        Arguments.of("{\n  \"age\": 1,\n  x}", "the body is not valid JSON at line 3, column 3"),
        Arguments.of("{\"age\": 01}", "the body is not valid JSON at line 1, column 10"),
        Arguments.of("{'age': 1}", "the body is not valid JSON at line 1, column 2"),
        Arguments.of("{\"age\": NaN}", "the body is not valid JSON at line 1, column 12"),
        Arguments.of("{\"age\": 1,}", "the body is not valid JSON at line 1, column 11"),
        Arguments.of("{\"email\": \"\t\"}", "the body is not valid JSON at line 1, column 12"),
        Arguments.of("{\"email\": \"\\x\"}", "the body is not valid JSON at line 1, column 13"));
  }

  @ParameterizedTest
  @MethodSource
  void malformed(String document, String detail) {
    HttpException refusal = refusal(document, Signup.class);

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.detail()).isEqualTo(detail);
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        Arguments.of("", "the JSON body is empty"),
        Arguments.of("[]", "the JSON body does not fit at line 1, column 1"),
        Arguments.of("{\"age\": \"x\"}", "the JSON body does not fit at 'age' at line 1, column 9"),
        Arguments.of("{\"age\": null}", "the JSON body does not fit at 'age'"),
        Arguments.of("{\"age\": 3000000000}", "the JSON body does not fit at"),
        Arguments.of("{\"age\": 1.5}", "the JSON body does not fit at 'age' at line 1, column 9"),
        Arguments.of("{\"age\": 1e1}", "the JSON body does not fit at 'age' at line 1, column 9"),
        Arguments.of("{\"born\": \"today\"}", "the JSON body does not fit at 'born'"),
        Arguments.of("{\"addresses\": 1}", "the JSON body does not fit at 'addresses'"),
        Arguments.of(
            "{\"addresses\": [{\"street\": \"a\"}, {\"street\": \" \"}]}",
            "the JSON body does not fit at 'addresses[1]'"),
        Arguments.of(
            "{\"addresses\": [{\"street\": []}]}",
            "the JSON body does not fit at 'addresses[0].street'"));
  }

  @ParameterizedTest
  @MethodSource
  void unfit(String document, String detail) {
    HttpException refusal = refusal(document, Signup.class);

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.detail()).startsWith(detail);
  }

  @ParameterizedTest
  @MethodSource({"malformed", "unfit"})
  void noComplaintGivesAwayAClassOrAnotherLibrarysWords(String document, String ignored) {
    assertThat(refusal(document, Signup.class).detail())
        .doesNotContainIgnoringCase("java", "jackson", "dev.postlude", "Signup", "Home", "com.")
        .doesNotContain("\n", "`", "source:");
  }

  static Stream<Arguments> bounds() {
    return Stream.of(
        Arguments.of("depth", nested(200), nested(201)),
        Arguments.of("a name", named(1_000), named(1_001)),
        Arguments.of("a number", "9".repeat(400), "9".repeat(401)),
        Arguments.of("tokens", ones(999_000), ones(1_000_001)));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String named(int length) {
    return "{\"" + "n".repeat(length) + "\": 1}";
  }

  private static String ones(int count) {
    return "[" + "1,".repeat(count - 1) + "1]";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void bounds(String what, String within, String beyond) {
    assertThat(read(within, Object.class)).isNotNull();
    assertThat(refusal(beyond, Object.class).detail()).startsWith("the body is not valid JSON");
  }

  @Test
  void whatTravelsAsTextIsWrittenAndReadAsText() {
    assertThat(Json.text(new Home("Café\n1"))).isEqualTo("{\"street\":\"Café\\n1\"}");
    assertThat(Json.read("{\"street\": \"Café\"}", Home.class)).isEqualTo(new Home("Café"));
  }

  @Test
  void whatFollowsTheDocumentIsRefused() {
    assertThat(refusal("{} {}", Object.class).status()).isEqualTo(400);
    assertThat(refusal("1 x", Object.class).status()).isEqualTo(400);
    assertThat(read(" 1 \n", Object.class)).isEqualTo(1);
  }

  @Test
  void anEmptyDocumentIsRefusedAndNullIsNull() {
    assertThat(refusal("", Signup.class).status()).isEqualTo(400);
    assertThat(refusal("  ", Signup.class).status()).isEqualTo(400);
    assertThat(read("null", Signup.class)).isNull();
  }

  record Sizes(long small, Integer medium, BigInteger large, double any) {}

  @ParameterizedTest
  @ValueSource(strings = {"small", "medium", "large"})
  void aFractionIsNotCutOffWhereAWholeNumberIsWanted(String name) {
    assertThat(refusal("{\"" + name + "\": 1.5}", Sizes.class).detail())
        .startsWith("the JSON body does not fit at '" + name + "' at line 1, column ");
  }

  @Test
  void aWholeNumberIsReadWhereAFractionMayStand() {
    assertThat(read("{\"small\": 1, \"medium\": 2, \"large\": 3, \"any\": 4}", Sizes.class))
        .isEqualTo(new Sizes(1, 2, BigInteger.valueOf(3), 4.0));
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] document = {'"', (byte) 0xc3, '"'};

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> Json.read(document, String.class))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400))
        .satisfies(refusal -> assertThat(refusal.detail()).startsWith("the body is not valid"));
  }

  @Test
  void aTypeThatNoDocumentCouldBecomeIsTheProgramsFaultAndNotTheClients() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("{\"name\": \"a\"}", Unmakeable.class))
        .withMessageContaining("Unmakeable");
  }

  @Test
  void aDocumentCannotChooseTheClassThatItBecomes() {
    Object value = read("[\"java.util.Date\", 0]", Object.class);

    assertThat(value).isEqualTo(List.of("java.util.Date", 0));
  }

  private static HttpException refusal(String document, Class<?> type) {
    try {
      Object value = read(document, type);
      throw new AssertionError("read as " + value);
    } catch (HttpException refusal) {
      return refusal;
    }
  }

  private static <T> T read(String document, Class<T> type) {
    return Json.read(document.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String write(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
