package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be said of a folder: for caches, of compressed files, of pages that are not there. */
interface FolderOptionsContract extends FolderUnderTest {
  @Test
  default void cachesAreToldWhatTheSettingSays() throws Exception {
    assertThat(header(get(files().cacheControl("max-age=60"), "/hello.txt"), "Cache-Control"))
        .isEqualTo("max-age=60");
    StaticFiles byName =
        files().cacheControl(name -> name.equals("docs/index.html") ? "no-store" : "max-age=1");
    assertThat(header(get(byName, "/docs/"), "Cache-Control")).isEqualTo("no-store");
    assertThat(header(get(byName, "/app.js"), "Cache-Control")).isEqualTo("max-age=1");
    assertThatIllegalArgumentException().isThrownBy(() -> files().cacheControl("a\r\nb"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/app.js      | br             | br    | br",
        "/app.js      | gzip           | gzip  | gzip",
        "/app.js      | gzip, br       | br    | br",
        "/app.js      | gzip, br;q=0.5 | gzip  | gzip",
        "/app.js      | *              | br    | br",
        "/app.js      | br;q=0, *      | gzip  | gzip",
        "/app.js      | br;q=0         | none  | plain script",
        "/app.js      | identity, br;q=0.5 | none | plain script",
        "/app.js      | deflate        | none  | plain script",
        "/app.js      | ''             | none  | plain script",
        "/only-gz.css | br, gzip       | gzip  | gzipped style",
        "/only-gz.css | br             | none  | plain style",
        "/hello.txt   | br, gzip       | none  | 'hello static\n'",
      })
  default void aFileThatLiesThereCompressedIsSentSo(
      String path, String accept, String coding, String content) throws Exception {
    Response response = get(files().precompressed(), path, "Accept-Encoding", accept);

    assertThat(header(response, "Content-Encoding")).isEqualTo(coding);
    assertThat(Bodies.text(response)).isEqualTo(content);
    assertThat(header(response, "Content-Type")).startsWith("text/");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(get(path, "Accept-Encoding", accept), "Content-Encoding")).isEqualTo("none");
  }

  @Test
  default void whoDoesNotSayGetsTheFileAsItIs() throws Exception {
    Response response = get(files().precompressed(), "/app.js");

    assertThat(Bodies.text(response)).isEqualTo("plain script");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  default void eachCodingHasATagOfItsOwn() throws Exception {
    StaticFiles precompressed = files().precompressed();
    String plain = header(get(precompressed, "/app.js"), "ETag");
    String gzip = header(get(precompressed, "/app.js", "Accept-Encoding", "gzip"), "ETag");

    assertThat(gzip).endsWith("-gzip\"").isNotEqualTo(plain);
    Response kept = get(precompressed, "/app.js", "Accept-Encoding", "gzip", "If-None-Match", gzip);
    assertThat(kept.status()).isEqualTo(304);
    assertThat(header(kept, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(
            get(precompressed, "/app.js", "Accept-Encoding", "gzip", "If-None-Match", plain)
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/users/7          | text/html,*/*;q=0.8 | 200",
        "/users/7          | */*                 | 200",
        "/users/           | text/html           | 200",
        "/users/jane.doe   | text/html           | 200",
        "/users/jane.doe   | */*                 | 404",
        "/missing.js       | */*                 | 404",
        "/.env             | text/html           | 404",
        "/../secret.txt    | text/html           | 404",
      })
  default void aPageThatFindsItsWayStandsForMissingOnes(String path, String accept, int status)
      throws Exception {
    Response response = get(files().fallback("docs/index.html"), path, "Accept", accept);

    assertThat(response.status()).isEqualTo(status);
    if (status == 200) {
      assertThat(Bodies.text(response)).isEqualTo("<p>docs");
      assertThat(header(response, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    }
  }

  @Test
  default void aFallbackIsNotForWhatIsThere() throws Exception {
    StaticFiles withFallback = files().fallback("docs/index.html");

    assertThat(Bodies.text(get(withFallback, "/hello.txt"))).isEqualTo("hello static\n");
    assertThat(get(withFallback, "/docs").status()).isEqualTo(308);
    assertThat(Bodies.text(get(withFallback, "/"))).isEqualTo("<p>home");
    assertThat(get(files().fallback("missing.html"), "/users/7").status()).isEqualTo(404);
    assertThatIllegalArgumentException().isThrownBy(() -> files().fallback("../secret.txt"));
    assertThatIllegalArgumentException().isThrownBy(() -> files().fallback(""));
  }
}
