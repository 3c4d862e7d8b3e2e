package dev.postlude.http;

import static dev.postlude.http.Forms.field;
import static dev.postlude.http.Forms.parse;
import static dev.postlude.http.Forms.part;
import static dev.postlude.http.Forms.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a form may be, and of how many parts. */
class MultipartLimitsTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  @Test
  void tooManyPartsAreRefused() throws Exception {
    String form = field("a", "1").repeat(256) + "--b--";

    assertThat(parse(form, options()).parts()).hasSize(256);
    HttpException refusal = refusal(() -> parse(field("a", "1") + form, options()));
    assertThat(refusal.status()).isEqualTo(413);
    assertThat(refusal.detail()).contains("more than 256 parts (maxParts)");
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    String head = "Content-Disposition: form-data; name=a";
    int room = 8 * 1024 - head.length() - 4 - "X: ".length();

    assertThat(parse(part(head + "\r\nX: " + "x".repeat(room), "") + "--b--", options()).parts())
        .hasSize(1);
    for (String tooLong :
        List.of("X: " + "x".repeat(room + 1), "x".repeat(100_000), "X: y\r\n".repeat(9_000))) {
      HttpException refusal =
          refusal(() -> parse(part(head + "\r\n" + tooLong, "") + "--b--", options()));
      assertThat(refusal.status()).isEqualTo(413);
      assertThat(refusal.detail()).contains("longer than 8192 bytes (maxHead)");
    }
  }

  @Test
  void aPartThatIsTooLongIsRefused() throws Exception {
    String form = field("a", "x".repeat(100)) + "--b--";

    assertThat(parse(form, options().maxPart(100)).get("a").size()).isEqualTo(100);
    HttpException refusal = refusal(() -> parse(form, options().maxPart(99)));
    assertThat(refusal.status()).isEqualTo(413);
    assertThat(refusal.detail()).contains("the part 'a' is longer than 99 bytes (maxPart)");
  }

  @Test
  void aFormThatIsTooLongIsRefused() throws Exception {
    String form = field("a", "x".repeat(100_000)) + "--b--\r\nepilogue";

    assertThat(parse(form, options().maxTotal(form.length())).parts()).hasSize(1);
    HttpException refusal = refusal(() -> parse(form, options().maxTotal(form.length() - 1)));
    assertThat(refusal.status()).isEqualTo(413);
    assertThat(refusal.detail()).contains("(maxTotal)");
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().maxParts(-1))
        .withMessageContaining("maxParts");
  }
}
