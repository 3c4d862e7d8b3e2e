package dev.postlude.http;

import static dev.postlude.http.Forms.parse;
import static dev.postlude.http.Forms.part;
import static dev.postlude.http.Forms.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The name, the file's name and the text of a part, as clients send them. */
class PartTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.txt                        | a.txt",
        "../../etc/passwd             | passwd",
        "/etc/passwd                  | passwd",
        "C:\\Users\\me\\a.txt         | a.txt",
        "..\\..\\a.txt                | a.txt",
        "a/..                         | ``",
        "..                           | ``",
        ".                            | ``",
        "a/                           | ``",
        "` .. `                       | ``",
        "\u65e5\u672c.txt             | \u65e5\u672c.txt",
      })
  void aFilesNameIsTheLastElementOfWhatTheClientSays(String sent, String filename)
      throws Exception {
    String head = "Content-Disposition: form-data; name=f; filename=\"" + sent + "\"";

    Part file = parse(part(head, "x") + "--b--", options()).get("f");

    assertThat(file.isFile()).isTrue();
    assertThat(file.filename().orElse("")).isEqualTo(filename);
  }

  @Test
  void aFilesNameMayComePercentEncodedAndHasNoControlCharacters() throws Exception {
    String head =
        "Content-Disposition: form-data; name=f; filename*=UTF-8''%01..%2Fn%C3%A4%7Fme%0A.txt";

    assertThat(parse(part(head, "x") + "--b--", options()).get("f").filename())
        .contains("n\u00e4me.txt");
  }

  @Test
  void aNameThatIsNotUtf8IsTakenByteByByte() throws Exception {
    String form =
        part("Content-Disposition: form-data; name=f; filename=\"\u00e4.txt\"", "x") + "--b--";
    InputStream latin1 = new ByteArrayInputStream(form.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(Multipart.parse(latin1, "b", options()).get("f").filename()).contains("\u00e4.txt");
  }

  @Test
  void textIsReadInTheCharsetThatThePartNames() throws Exception {
    String head = "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=";
    byte[] form =
        (part(head + "iso-8859-1", "\u00e4") + "--b--").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(Multipart.parse(new ByteArrayInputStream(form), "b", options()).get("a").text())
        .isEqualTo("\u00e4");
    Multipart unknown = parse(part(head + "klingon", "x") + "--b--", options());
    assertThat(refusal(() -> unknown.get("a").text()).status()).isEqualTo(415);
  }

  @Test
  void encodedContentIsRefusedRatherThanStoredAsItIs() {
    String head = "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: ";

    assertThat(refusal(() -> parse(part(head + "base64", "eA==") + "--b--", options())))
        .satisfies(e -> assertThat(e.status()).isEqualTo(415))
        .hasMessageContaining("Content-Transfer-Encoding");
    assertThat(refusal(() -> parse(part(head + "binary", "x"), options())).status()).isEqualTo(400);
  }
}
