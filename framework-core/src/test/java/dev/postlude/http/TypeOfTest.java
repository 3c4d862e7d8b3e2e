package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeOfTest {
  record Foo(String name, List<Integer> sizes) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Request json(String body) {
    return Request.post("/").header("Content-Type", "application/json").body(bytes(body));
  }

  @Test
  void aRequestsBodyIsReadAsATypeWithArguments() {
    List<Foo> foos =
        json("[{\"name\":\"a\",\"sizes\":[1,2]},{\"name\":\"b\",\"sizes\":[]}]")
            .json(new TypeOf<List<Foo>>() {});

    // A list of maps would fail here: what is inside must be Foo.
    assertThat(foos).containsExactly(new Foo("a", List.of(1, 2)), new Foo("b", List.of()));
  }

  @Test
  void aDocumentIsReadAsATypeWithArguments() {
    Map<String, List<Long>> read =
        Json.read(bytes("{\"a\":[1]}"), new TypeOf<Map<String, List<Long>>>() {});

    assertThat(read).containsOnly(Map.entry("a", List.of(1L)));
  }

  @Test
  void aPlainTypeWillDoAsWell() {
    assertThat(json("\"x\"").json(new TypeOf<String>() {})).isEqualTo("x");
  }

  @Test
  void whatDoesNotFitIsTheClientsFaultAsEver() {
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> json("[{\"sizes\":\"many\"}]").json(new TypeOf<List<Foo>>() {}))
        .satisfies(e -> assertThat(e.status()).isEqualTo(400))
        .withMessageContaining("[0].sizes");
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> json("null").json(new TypeOf<List<Foo>>() {}))
        .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(
            () -> json("[]").header("Content-Type", "text/plain").json(new TypeOf<List<Foo>>() {}))
        .satisfies(e -> assertThat(e.status()).isEqualTo(415));
  }

  @Test
  void aTypeThatIsNotNamedIsRefusedWithASentence() {
    assertThatIllegalStateException()
        .isThrownBy(TypeOfTest::<String>unnamed)
        .withMessageContaining("new TypeOf<List<String>>() {}");
    assertThatIllegalStateException().isThrownBy(Raw::new);
  }

  private static <T> TypeOf<T> unnamed() {
    return new TypeOf<>() {};
  }

  @SuppressWarnings("rawtypes")
  private static final class Raw extends TypeOf {}

  @Test
  void itSaysWhatItIs() {
    assertThat(new TypeOf<List<String>>() {}).hasToString("java.util.List<java.lang.String>");
  }
}
