package dev.postlude.http;

import static dev.postlude.http.Forms.FORM;
import static dev.postlude.http.Forms.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request's body as a form, as its {@code Content-Type} says. */
class MultipartRequestTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  private static Request request(String contentType) {
    return Request.post("/upload")
        .header("Content-Type", contentType)
        .body(FORM.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data;charset=utf-8;Boundary=\"b\"",
      })
  void aRequestsBodyIsReadAsAForm(String contentType) {
    Request request = request(contentType);

    assertThat(request.multipart().fields().get("count")).isEqualTo("3");
    assertThat(request.multipart()).as("read once").isSameAs(request.multipart());
    assertThat(request.multipart(MultipartOptions.defaults())).isSameAs(request.multipart());
    assertThat(refusal(() -> request.multipart(options().maxParts(1))).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data                       | 400",
        "multipart/form-data; boundary=            | 400",
        "multipart/form-data; boundary=\"a \"      | 400",
        "multipart/form-data; boundary=a; boundary=b | 400",
        "multipart/form-data; boundary             | 400",
        "multipart/mixed; boundary=b               | 415",
        "application/x-www-form-urlencoded         | 415",
        "text/plain                                | 415",
      })
  void aBodyOfAnotherTypeIsRefused(String contentType, int status) {
    assertThat(refusal(() -> request(contentType).multipart()).status()).isEqualTo(status);
  }

  @Test
  void aBoundaryIsOf70CharactersAtMost() {
    String longest = "multipart/form-data; boundary=" + "1234567890".repeat(7);

    assertThat(Multipart.boundary(longest)).hasSize(70);
    assertThat(refusal(() -> Multipart.boundary(longest + "1")).status()).isEqualTo(400);
    assertThat(
            refusal(() -> Multipart.boundary("multipart/form-data; boundary=\"\u00e4\"")).status())
        .isEqualTo(400);
  }

  @Test
  void aBodyWithoutATypeIsRefused() {
    assertThat(refusal(() -> Request.post("/").multipart()).status()).isEqualTo(415);
  }
}
