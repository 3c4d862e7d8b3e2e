package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExceptionTest {
  @Test
  void everyChangeIsACopyThatKeepsTheRest() {
    Exception cause = new Exception();
    HttpException plain = new HttpException(409, "taken");
    HttpException full = plain.causedBy(cause).header("A", "1").header("a", "2");

    assertThat(full).hasMessage("409 taken").hasCause(cause);
    assertThat(full.status()).isEqualTo(409);
    assertThat(full.detail()).isEqualTo("taken");
    assertThat(full.headers()).isEqualTo(Headers.of("a", "2"));
    assertThat(plain.headers()).isEqualTo(Headers.empty());
    assertThat(plain).hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 200, 399, 600})
  void aStatusThatIsNoErrorIsRefused(int status) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpException(status, ""))
        .withMessage("an HttpException has a status from 400 to 599, not " + status);
  }
}
