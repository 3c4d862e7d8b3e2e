package dev.postlude.http;

import static dev.postlude.http.Forms.FORM;
import static dev.postlude.http.Forms.field;
import static dev.postlude.http.Forms.inPiecesOf;
import static dev.postlude.http.Forms.parse;
import static dev.postlude.http.Forms.refusal;
import static dev.postlude.http.Forms.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is a form and what is none: RFC 2046 section 5.1, RFC 7578. */
class MultipartSyntaxTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  private List<Path> spooled() throws IOException {
    return Forms.spooled(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--b--                        | 0",
        "--b--<                       | 0",
        "<--b--<                      | 0",
        "preamble<--b--<epilogue<--b< | 0",
        "--b \t<A<<x<--b--            | 1",
        "--b<A<<<--b--                | 1",
      })
  void whatTheStandardAllowsIsTaken(String form, int parts) throws Exception {
    String lines = form.replace("<", "\r\n").replace("A", "Content-Disposition: form-data; name=a");

    assertThat(parse(lines, options()).parts()).hasSize(parts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                | it ends before its last boundary",
        "no form at all                    | it ends before its last boundary",
        "--b                               | it ends before its last boundary",
        "--b-                              | it ends before its last boundary",
        "--b<                              | it ends before its last boundary",
        "--b<A                             | it ends before its last boundary",
        "--b<A<<x                          | it ends before its last boundary",
        "--b<A<<x<--                       | it ends before its last boundary",
        "--b<A<<x<--b                      | it ends before its last boundary",
        "--b<A<<x<--bc                     | a line with the boundary holds more",
        "--b-x<A<<x<--b--                  | a line with the boundary holds more",
        "--b~<A<<x<--b--                   | a line with the boundary holds more",
        "--b<no field<<x<--b--             | a line that is no field",
        "--b<A<X-Y: a< folded<<x<--b--     | a line that is no field",
        "--b<A<X-Y: a< fol: ded<<x<--b--   | a malformed field",
        "--b<A<X Y: a<<x<--b--             | a malformed field",
        "--b<A<X-Y: a^<<x<--b--            | a malformed field",
        "--b<A<X-Y: a~B: c<<x<--b--        | a malformed field",
        "--b<<x<--b--                      | one Content-Disposition",
        "--b<A<A<<x<--b--                  | one Content-Disposition",
        "--b<D: attachment; name=a<<x<--b--| one Content-Disposition",
        "--b<D: form-data<<x<--b--         | one Content-Disposition",
        "--b<D: form-data; name<<x<--b--   | malformed parameters",
        "--b<D: form-data; name=a; filename*=latin1''a<<x<--b--  | filename=",
        "--b<D: form-data; name=a; filename*=UTF-8''%0g<<x<--b-- | percent-encoding",
      })
  void whatIsMalformedIsRefused(String form, String complaint) {
    String lines =
        form.replace("A", "D: form-data; name=a")
            .replace("D:", "Content-Disposition:")
            .replace("<", "\r\n")
            .replace('~', '\n')
            .replace('^', '\0');

    HttpException refusal = refusal(() -> parse(lines, options()));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.detail()).contains(complaint);
  }

  @Test
  void whateverComesInIsAFormOrTheClientsFault() throws Exception {
    Random random = new Random(2046);
    byte[] form = FORM.getBytes(StandardCharsets.UTF_8);
    byte[] special = "\r\n-b:;=\" \0\\".getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 2_000; round++) {
      byte[] mutated =
          Arrays.copyOf(form, form.length - random.nextInt(2) * random.nextInt(form.length));
      for (int i = random.nextInt(4); i > 0 && mutated.length > 0; i--) {
        mutated[random.nextInt(mutated.length)] =
            random.nextBoolean()
                ? special[random.nextInt(special.length)]
                : (byte) random.nextInt();
      }
      try {
        Multipart read =
            Multipart.parse(new ByteArrayInputStream(mutated), "b", options().inMemory(20));
        assertThat(read.parts()).hasSizeLessThanOrEqualTo(4);
        read.discard();
      } catch (HttpException e) {
        assertThat(e.status()).isIn(400, 415);
      }
    }
    assertThat(spooled()).isEmpty();
  }

  @Test
  void contentThatLooksLikeABoundaryIsContent() throws Exception {
    // Every way to begin a delimiter and not to end it, over the edges of pieces and of the buffer.
    Random random = new Random(7578);
    String alphabet = "\r\n--bx";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder content = new StringBuilder("y".repeat(round % 40 == 0 ? 16_370 : 0));
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        content.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (!(content + "\r").contains("\r\n--b")) {
        Multipart form =
            Multipart.parse(
                inPiecesOf(
                    1 + random.nextInt(20), stream(field("a", content.toString()) + "--b--")),
                "b",
                options());
        assertThat(form.get("a").text()).isEqualTo(content.toString());
      }
    }
  }
}
