package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "7b0e3f1c-5f5e-4a3c-9d3e-1b7f0a2c4d6e", "a.b_c~d"})
  void aHarmlessIdOfTheClientIsTaken(String id) {
    assertThat(RequestId.of(Headers.of("x-request-id", id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\tb", "a\"b", "{json}", "a=b", "a/b", "\u00e9"})
  void anIdThatCouldConfuseALogIsReplaced(String id) {
    assertThat(RequestId.of(Headers.of("X-Request-Id", id))).isNotEqualTo(id).isNotBlank();
  }

  @Test
  void anIdOfAHundredAndTwentyEightCharactersIsTheLongestTaken() {
    assertThat(RequestId.of(Headers.of("X-Request-Id", "a".repeat(128)))).hasSize(128);
    assertThat(RequestId.of(Headers.of("X-Request-Id", "a".repeat(129)))).hasSizeLessThan(64);
  }

  @Test
  void madeIdsAreTokensAndAllDifferent() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      ids.add(RequestId.of(Headers.empty()));
    }

    assertThat(ids).hasSize(1_000).allMatch(Token::isToken);
  }

  @Test
  void allCopiesOfARequestHaveOneId() {
    Request request = Request.get("/");

    assertThat(request.header("X", "1").id()).isEqualTo(request.id());
    assertThat(request.body(new byte[1]).id()).isEqualTo(request.id());
    assertThat(Request.get("/").id()).isNotEqualTo(request.id());
  }
}
