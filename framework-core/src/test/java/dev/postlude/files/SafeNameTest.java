package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a, a",
    "a/, a",
    "a/b.txt, a/b.txt",
    "a..b/c...d, a..b/c...d",
    "~, ~",
    "%2e%2e, %2e%2e",
    "n\u00e4me \u65e5.txt, n\u00e4me \u65e5.txt",
  })
  void aVisibleFileBelowAFolderHasAName(String path, String name) {
    assertThat(SafeName.of(path)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../",
        "../a",
        "a/..",
        "a/../b",
        "a/../../b",
        ".",
        "./a",
        "a/./b",
        "...",
        "..../a",
        "/",
        "//",
        "/etc/passwd",
        "//etc/passwd",
        "a//b",
        "a//",
        "///",
        "..\\a",
        "\\a",
        "a\\b",
        "\\\\host\\share",
        "C:",
        "C:/a",
        "c:a",
        "a:b",
        "a.txt::$DATA",
        ".hidden",
        "a/.git/config",
        ".well-known/x",
        "a/.",
        "a.",
        "a. ",
        "a ",
        "a./b",
        "a /b",
        "a\0",
        "a\0.txt",
        "\0",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\u007f",
        "a\u0085b",
      })
  void whatMightLeadElsewhereHasNone(String path) {
    assertThat(SafeName.of(path)).isEmpty();
  }
}
