package dev.postlude.http;

import static dev.postlude.http.Forms.FORM;
import static dev.postlude.http.Forms.field;
import static dev.postlude.http.Forms.inPiecesOf;
import static dev.postlude.http.Forms.parse;
import static dev.postlude.http.Forms.refusal;
import static dev.postlude.http.Forms.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A form of fields and files, read. */
class MultipartTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
  void aFormIsReadHoweverItComesIn(int pieces) throws Exception {
    Multipart form = Multipart.parse(inPiecesOf(pieces, stream(FORM)), "b", options());

    assertThat(form.parts()).extracting(Part::name).containsExactly("title", "count", "photo");
    assertThat(form.fields().get("title")).isEqualTo("K\u00e4se & Brot");
    assertThat(form.fields().asInt("count")).isEqualTo(3);
    Part photo = form.get("photo");
    assertThat(photo.isFile()).isTrue();
    assertThat(photo.filename()).contains("k\u00e4se.jpg");
    assertThat(photo.contentType()).contains("image/jpeg");
    assertThat(photo.headers().size()).isEqualTo(2);
    assertThat(photo.text()).isEqualTo("\u00ff\u00d8 not really\r\na photo");
    assertThat(photo.size()).isEqualTo(photo.bytes().length).isEqualTo(24);
    assertThat(photo.stream()).hasBinaryContent(photo.bytes());
  }

  @Test
  void fieldsAndFilesAreToldApart() throws Exception {
    Multipart form = parse(FORM, options());

    assertThat(form.fields().names()).containsExactly("title", "count");
    assertThat(form.get("title").isFile()).isFalse();
    assertThat(form.get("title").filename()).isEmpty();
  }

  @Test
  void aFileInputInWhichNothingWasChosenIsLeftOut() throws Exception {
    assertThat(parse(FORM, options()).all("photo")).hasSize(1);
  }

  @Test
  void aPartThatIsNotThereIsTheClientsFault() throws Exception {
    Multipart form = parse(FORM, options());

    assertThat(form.find("sound")).isEmpty();
    HttpException refusal = refusal(() -> form.get("sound"));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.detail()).contains("'sound'");
    assertThat(refusal(() -> form.fields().asInt("title")).detail()).contains("form field 'title'");
  }

  @Test
  void severalPartsMayHaveTheSameName() throws Exception {
    Multipart form =
        parse(field("a", "1") + field("b", "2") + field("a", "3") + "--b--", options());

    assertThat(form.all("a")).extracting(Part::text).containsExactly("1", "3");
    assertThat(form.get("a").text()).isEqualTo("1");
    assertThat(form.fields().all("a")).containsExactly("1", "3");
  }

  @Test
  void allIsReadSoThatTheNextRequestCanFollow() throws Exception {
    InputStream stream = inPiecesOf(1_000, stream(FORM + "epilogue".repeat(10_000)));

    Multipart.parse(stream, "b", options());

    assertThat(stream.read()).isNegative();
  }
}
