package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTypesTest {
  @ParameterizedTest
  @CsvSource({
    "index.html, text/html; charset=utf-8",
    "app.js, text/javascript; charset=utf-8",
    "a/b/app.min.css, text/css; charset=utf-8",
    "data.json, application/json",
    "PHOTO.JPG, image/jpeg",
    "font.woff2, font/woff2",
    "archive.tar.gz, application/gzip",
    "app.wasm, application/wasm",
    "Main.java, text/x-java-source; charset=utf-8",
    "LICENSE, application/octet-stream",
    "html, application/octet-stream",
    "a.unknown, application/octet-stream",
    "a., application/octet-stream",
    "'', application/octet-stream",
  })
  void theExtensionTellsTheType(String name, String type) {
    assertThat(FileTypes.of(name)).isEqualTo(type);
  }
}
