package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/                          | 1 | []",
        "/users                     | 1 | []",
        "/users/                    | 2 | []",
        "/users/{id}                | 2 | [id]",
        "/{a}/{b}.{c}/{rest...}     | 3 | [a, b, c, rest]",
        "/{year:[0-9]{4}}/x         | 2 | [year]",
        "/{odd:a/b}/x               | 2 | [odd]",
      })
  void isSplitAtTheSlashesOutsideOfBraces(String text, int segments, String names) {
    PathPattern pattern = PathPattern.parse(text);

    assertThat(pattern.segments()).hasSize(segments);
    assertThat(pattern.paramNames()).hasToString(names);
    assertThat(pattern).hasToString(text);
    assertThat(pattern.isLiteral()).isEqualTo(names.equals("[]"));
  }

  @Test
  void aShapeForgetsNamesOnly() {
    assertThat(shape("/a/{b}/{c:int}/{d...}")).isEqualTo(shape("/a/{x}/{y:int}/{z...}"));
    assertThat(shape("/a/{b}")).isNotEqualTo(shape("/a/{b:int}"));
    assertThat(shape("/{a}.x")).isNotEqualTo(shape("/{a}.y"));
    assertThat(shape("/a")).isNotEqualTo(shape("/a/"));
  }

  private static String shape(String pattern) {
    return PathPattern.parse(pattern).shape();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "users            | a path starts with a slash: 'users'",
        "''               | a path starts with a slash: ''",
        "/{id             | the braces do not match: /{id",
        "/id}             | the braces do not match: /id}",
        "/{a{b}           | the braces do not match: /{a{b}",
        "/{rest...}/x     | {rest...} takes the rest of the path, so it must stand last: "
            + "/{rest...}/x",
        "/{a}/{a}         | two parameters are named {a}: /{a}/{a}",
        "/{a}.{a}         | two parameters are named {a}: /{a}.{a}",
        "/{a}/{a...}      | two parameters are named {a}: /{a}/{a...}",
      })
  void aMalformedOneIsRefusedWithASentence(String text, String complaint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathPattern.parse(text))
        .withMessage(complaint);
  }

  @ParameterizedTest
  @CsvSource({"/a?b", "/a#b", "/a%20b", "'/a\tb'", "'/a\0'"})
  void whatNoDecodedPathCanShowIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathPattern.parse(text))
        .withMessageContaining("as it reads when decoded");
  }
}
