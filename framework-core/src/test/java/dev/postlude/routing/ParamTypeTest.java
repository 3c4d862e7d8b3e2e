package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamTypeTest {
  @Test
  void theNarrowerIsTriedFirst() {
    assertThat(ParamType.builtIn().values())
        .extracting(ParamType::name)
        .containsExactly("int", "long", "uuid", "date", "slug");
    assertThat(ParamType.builtIn().values()).extracting(ParamType::rank).isSorted();
    assertThat(ParamType.own("isbn", value -> true).rank())
        .isGreaterThan(ParamType.builtIn().get("slug").rank());
  }

  @ParameterizedTest
  @CsvSource({
    "int, -7",
    "long, 9223372036854775807",
    "uuid, 7b0e3f1c-5f5e-4a3c-9d3e-1b7f0a2c4d6e",
    "date, 2024-02-29",
    "slug, a-b",
  })
  void theExpressionTakesWhatTheTypeTakes(String type, String value) {
    assertThat(ParamType.builtIn().get(type).accepts()).accepts(value);
    assertThat(value).matches(ParamType.builtIn().get(type).regex());
  }
}
