package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MethodTest {
  @Test
  void theUsualOnesAreConstants() {
    assertThat(Method.of("GET")).isSameAs(Method.GET);
    assertThat(Method.of("OPTIONS")).isSameAs(Method.OPTIONS);
  }

  @Test
  void anyOtherTokenIsAMethodToo() {
    assertThat(Method.of("PROPFIND"))
        .isEqualTo(Method.of("PROPFIND"))
        .hasSameHashCodeAs(Method.of("PROPFIND"))
        .isNotEqualTo(Method.GET)
        .hasToString("PROPFIND");
  }

  @Test
  void caseMatters() {
    assertThat(Method.of("get")).isNotEqualTo(Method.GET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "G T", "GET\r\n", "G(T", "GÉT", "\0"})
  void whatIsNoTokenIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Method.of(name))
        .withMessageStartingWith("method '");
  }
}
