package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  private static final Headers ACCEPTS =
      Headers.of("Accept", "text/html", "Host", "a", "accept", "text/plain");

  @Test
  void namesCompareWithoutRegardToCase() {
    assertThat(ACCEPTS.find("ACCEPT")).contains("text/html");
    assertThat(ACCEPTS.contains("hOST")).isTrue();
    assertThat(ACCEPTS.all("Accept")).containsExactly("text/html", "text/plain");
  }

  @Test
  void fieldsKeepTheirOrderAndSpelling() {
    List<String> seen = new ArrayList<>();
    ACCEPTS.forEach((name, value) -> seen.add(name + "=" + value));

    assertThat(seen).containsExactly("Accept=text/html", "Host=a", "accept=text/plain");
    assertThat(ACCEPTS.size()).isEqualTo(3);
    assertThat(ACCEPTS.name(2)).isEqualTo("accept");
    assertThat(ACCEPTS.value(2)).isEqualTo("text/plain");
    assertThat(ACCEPTS).hasToString("Accept: text/html\nHost: a\naccept: text/plain\n");
  }

  @Test
  void whatIsNotThereIsEmptyAndNotNull() {
    assertThat(Headers.empty().find("X")).isEmpty();
    assertThat(Headers.empty().all("X")).isEmpty();
    assertThat(Headers.empty().contains("X")).isFalse();
    assertThat(Headers.empty().lists("X", "close")).isFalse();
  }

  @Test
  void withReplacesAllOfThatNameAndAndKeepsThem() {
    assertThat(ACCEPTS.with("Accept", "*/*").all("Accept")).containsExactly("*/*");
    assertThat(ACCEPTS.and("Accept", "*/*").all("Accept"))
        .containsExactly("text/html", "text/plain", "*/*");
    assertThat(ACCEPTS.without("ACCEPT")).isEqualTo(Headers.of("Host", "a"));
    assertThat(ACCEPTS.without("X")).isSameAs(ACCEPTS);
  }

  @Test
  void aChangeIsACopy() {
    Headers before = Headers.of("A", "1");
    before.with("A", "2");
    before.and("B", "2");
    before.without("A");

    assertThat(before).isEqualTo(Headers.of("A", "1")).hasSameHashCodeAs(Headers.of("A", "1"));
  }

  @Test
  void theArrayThatFieldsAreMadeOfMayBeChangedAfterwards() {
    String[] fields = {"A", "1"};
    Headers headers = Headers.of(fields);
    fields[1] = "2";

    assertThat(headers.find("A")).contains("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close             | close | true",
        "Close             | close | true",
        "foo, close        | close | true",
        "close,foo         | close | true",
        "foo ,  CLOSE , x  | close | true",
        "closed            | close | false",
        "not-close         | close | false",
        "close foo         | close | false",
        "keep-alive        | close | false",
      })
  void aListFieldIsReadElementByElement(String value, String element, boolean listed) {
    assertThat(Headers.of("Connection", value).lists("connection", element)).isEqualTo(listed);
  }

  @Test
  void aListMaySpreadOverSeveralFields() {
    Headers headers = Headers.of("Connection", "foo", "X", "close", "connection", "bar, close");

    assertThat(headers.lists("Connection", "close")).isTrue();
    assertThat(headers.lists("X", "foo")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "A B", "A:", "A\r\n", "A\0", "Ä", "A\u007f", "(A)", "A,B", "A\tB"})
  void aNameThatIsNoTokenIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of(name, "1"))
        .withMessageContaining("is not a token: use letters, digits and");
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.empty().with(name, "1"));
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.empty().and(name, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\u0001", "\u007f"})
  void aValueThatCouldSplitTheResponseIsRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("X", value))
        .withMessageContaining("header X: the value holds the control character 0x")
        .withMessageContaining("remove it before setting the header");
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.empty().with("X", value));
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.empty().and("X", value));
  }

  @Test
  void aValueBeyondLatin1IsRefusedSinceItWouldArriveAsSomethingElse() {
    // U+010D U+010A: their low bytes are CR and LF.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("X", "\u010d\u010aSet-Cookie: b"))
        .withMessage(
            "header X: the value holds a character beyond ISO-8859-1 at index 0; percent-encode"
                + " it");
  }

  @Test
  void tabsAndLatin1AreTaken() {
    assertThat(Headers.of("X", "a\tb\u00e9").find("X")).contains("a\tb\u00e9");
  }

  @Test
  void anOddNumberOfStringsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("A", "1", "B"))
        .withMessage("headers are given in pairs, name then value; got 3 strings");
  }
}
