package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTest {
  @ParameterizedTest
  @CsvSource({
    "100, Continue", "200, OK", "413, Content Too Large", "511, Network Authentication Required",
    "299, Status", "599, Status", "600, Status", "-1, Status",
  })
  void aRegisteredCodeHasItsPhraseAndAnyOtherHasOneToo(int status, String reason) {
    assertThat(Status.reason(status)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({"100, true", "199, true", "200, false", "204, true", "205, true", "304, true"})
  void someNeverHaveContent(int status, boolean never) {
    assertThat(Status.forbidsContent(status)).isEqualTo(never);
  }
}
