package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // pattern           | value               | parameters, or nothing where it does not match
        "users               | users               | []",
        "users               | user                |",
        "users               | Users               |",
        "{id}                | 7                   | [7]",
        "{id}                | a/b                 | [a/b]",
        "{id}                | ''                  |",
        "{id:int}            | -7                  | [-7]",
        "{id:int}            | 2147483647          | [2147483647]",
        "{id:int}            | 2147483648          |",
        "{id:int}            | +7                  |",
        "{id:int}            | 7.0                 |",
        "{id:int}            | \u0667              |",
        "{id:long}           | 2147483648          | [2147483648]",
        "{id:long}           | 9223372036854775807 | [9223372036854775807]",
        "{id:long}           | 9223372036854775808 |",
        "{on:date}           | 2024-02-29          | [2024-02-29]",
        "{on:date}           | 2023-02-29          |",
        "{on:date}           | 24-02-29            |",
        "{s:slug}            | a-b2-c              | [a-b2-c]",
        "{s:slug}            | A-b                 |",
        "{s:slug}            | a--b                |",
        "{s:slug}            | -a                  |",
        "{y:[0-9]{4}}        | 2024                | [2024]",
        "{y:[0-9]{4}}        | 20245               |",
        "{y:(?:ab?)+}        | aba                 | [aba]",
        "{y:(?:ab?)+}        | abb                 |",
        "{name}.{ext}        | a.txt               | [a, txt]",
        "{name}.{ext}        | a.tar.gz            | [a, tar.gz]",
        "{name}.{ext}        | .txt                |",
        "{name}.{ext}        | a.                  |",
        "{name}.{ext}        | a                   |",
        "hi-{name}           | hi-bob              | [bob]",
        "hi-{name}           | hi-                 |",
        "hi-{name}           | Hi-bob              |",
        "{a:int}x{b:int}     | 3x4                 | [3, 4]",
        "{a:int}x{b:int}     | 3xa                 |",
        "{a}.json            | a.json              | [a]",
        "{a}.json            | aXjson              |",
        "v{y:[0-9]{4}}-{m}   | v2024-05            | [2024, 05]",
      })
  void takesWhatItsPatternSays(String pattern, String value, String expected) {
    List<String> values = new ArrayList<>();
    boolean matches = segment(pattern).matches(value, values);

    assertThat(matches ? values.toString() : null).isEqualTo(expected);
  }

  @Test
  void aUuidIsTakenInEitherCase() {
    Segment segment = segment("{id:uuid}");

    assertThat(segment.matches("7B0E3F1C-5f5e-4a3c-9d3e-1b7f0a2c4d6e", new ArrayList<>())).isTrue();
    assertThat(segment.matches("7b0e3f1c5f5e4a3c9d3e1b7f0a2c4d6e", new ArrayList<>())).isFalse();
    assertThat(segment.matches("7b0e3f1c-5f5e-4a3c-9d3e", new ArrayList<>())).isFalse();
  }

  @Test
  void aTypedParameterInsideALargerSegmentIsHeldToItsBoundsToo() {
    Segment segment = segment("v{id:int}");

    assertThat(segment.matches("v7", new ArrayList<>())).isTrue();
    assertThat(segment.matches("v9999999999", new ArrayList<>())).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ":id            | write {name} for a parameter and {name...} for the rest of the path",
        "<int:id>       | write {name} for a parameter and {name...} for the rest of the path",
        "*              | write {name} for a parameter and {name...} for the rest of the path",
        "a*             | write {name} for a parameter and {name...} for the rest of the path",
        "a}             | the braces do not match",
        "{}             | a parameter's name is made of letters, digits, _ and -, not ''",
        "{1a}           | a parameter's name is made of letters, digits, _ and -, not '1a'",
        "{a b}          | a parameter's name is made of letters, digits, _ and -, not 'a b'",
        "{a.b}          | a parameter's name is made of letters, digits, _ and -, not 'a.b'",
        "{a:number}     | unknown parameter type 'number': use one of [int, long, uuid, date, slug] or",
        "{a:[0-9}       | malformed regular expression in /{a:[0-9}",
        "{a:([0-9])}    | write (?:...) for groups in a parameter's regular expression",
        "{a}{b}         | put some text between two parameters of a segment",
        "x{path...}     | {name...} takes whole segments, so nothing may stand beside it",
        "{a}.{path...}  | {name...} takes whole segments, so nothing may stand beside it",
        "{a:}           | unknown parameter type ''",
      })
  void aMalformedOneIsRefusedWithWhatToWriteInstead(String segment, String complaint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> segment(segment))
        .withMessageStartingWith(complaint == null ? "" : complaint)
        .withMessageContaining("/" + segment);
  }

  @Test
  void ranksGoFromTheParticularToTheGeneral() {
    List<String> byPrecedence =
        List.of(
            "users",
            "long-prefix-{a}",
            "p-{a}",
            "{a:int}",
            "{a:long}",
            "{a:uuid}",
            "{a:date}",
            "{a:slug}",
            "{a:[a-z]+}",
            "{a}",
            "{a...}");

    assertThat(byPrecedence)
        .isSortedAccordingTo((a, b) -> Integer.compare(segment(a).rank(), segment(b).rank()))
        .extracting(each -> segment(each).rank())
        .doesNotHaveDuplicates();
  }

  private static Segment segment(String text) {
    return PathPattern.parse("/" + text).segments().get(0);
  }
}
