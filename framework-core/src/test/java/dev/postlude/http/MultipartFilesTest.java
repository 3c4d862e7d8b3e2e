package dev.postlude.http;

import static dev.postlude.http.Forms.field;
import static dev.postlude.http.Forms.parse;
import static dev.postlude.http.Forms.refusal;
import static dev.postlude.http.Forms.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The temporary files of long parts: when they are made, and that they go. */
class MultipartFilesTest {
  @TempDir private Path folder;

  private MultipartOptions options() {
    return Forms.options(folder);
  }

  private List<Path> spooled() throws IOException {
    return Forms.spooled(folder);
  }

  @Test
  void aPartUpToTheThresholdStaysInMemory() throws Exception {
    Multipart form = parse(field("a", "x".repeat(64 * 1024)) + "--b--", options());

    assertThat(spooled()).isEmpty();
    assertThat(form.get("a").size()).isEqualTo(64 * 1024);
  }

  @Test
  void aLongerPartIsInAPrivateFileThatIsDeletedOnDemand() throws Exception {
    String content = "x".repeat(64 * 1024) + "y";
    Multipart form = parse(field("a", content) + field("small", "z") + "--b--", options());
    Part part = form.get("a");

    assertThat(spooled()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spooled().get(0))))
        .isEqualTo("rw-------");
    assertThat(part.text()).isEqualTo(content);
    assertThat(part.stream()).hasBinaryContent(content.getBytes(StandardCharsets.US_ASCII));
    assertThat(part.size()).isEqualTo(content.length());

    form.discard();
    form.discard();

    assertThat(spooled()).isEmpty();
    assertThat(form.get("small").text()).isEqualTo("z");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(part::stream)
        .withMessageContaining("its files have been deleted");
  }

  @Test
  void aFormThatIsRefusedLeavesNoFileBehind() throws Exception {
    String good = field("a", "x".repeat(100)) + field("b", "x".repeat(100));

    assertThat(parse(good + "--b--", options().inMemory(10)).parts()).hasSize(2);
    assertThat(spooled()).hasSize(2);
    parse(good + "--b--", options().inMemory(10)).discard();
    assertThat(spooled()).hasSize(2);
    // Cut off inside the third part, and inside the head of the third.
    String third = "--b\r\nContent-Disposition: form-data; name=c\r\n\r\n" + "x".repeat(100);
    refusal(() -> parse(good + third, options().inMemory(10)));
    refusal(() -> parse(good + "--b\r\nC", options().inMemory(10)));
    refusal(
        () ->
            parse(
                good + field("c", "x".repeat(101)) + "--b--", options().inMemory(10).maxPart(100)));
    assertThat(spooled()).hasSize(2);
  }

  @Test
  void aStreamThatBreaksLeavesNoFileBehind() throws Exception {
    InputStream broken =
        new FilterInputStream(stream(field("a", "x".repeat(100)).repeat(200))) {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            if (available() < 2_000) {
              throw new IOException("the client is gone");
            }
            return super.read(into, from, Math.min(100, length));
          }
        };

    assertThatIOException()
        .isThrownBy(() -> Multipart.parse(broken, "b", options().inMemory(10)))
        .withMessage("the client is gone");
    assertThat(spooled()).isEmpty();
  }

  @Test
  void aPartIsSavedAsANewFile() throws Exception {
    Path inMemory = folder.resolve("saved-1");
    Path spooled = folder.resolve("saved-2");
    String form = field("a", "12345678901") + field("b", "1") + "--b--";
    Multipart parsed = parse(form, options().inMemory(10));

    parsed.get("a").saveTo(spooled);
    parsed.get("b").saveTo(inMemory);
    parsed.discard();

    assertThat(spooled).hasContent("12345678901");
    assertThat(inMemory).hasContent("1");
  }

  @Test
  void savingOverwritesNothing() throws Exception {
    Path there = Files.writeString(folder.resolve("there"), "mine");
    Multipart form =
        parse(field("a", "12345678901") + field("b", "1") + "--b--", options().inMemory(10));

    for (String name : List.of("a", "b")) {
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> form.get(name).saveTo(there));
    }
    assertThat(there).hasContent("mine");
  }

  @Test
  void aFileThatNobodyKnowsAnyMoreIsDeleted() throws Exception {
    Part kept = parse(field("a", "x".repeat(100)) + "--b--", options().inMemory(10)).get("a");
    parse(field("a", "x".repeat(100)) + "--b--", options().inMemory(10));
    assertThat(spooled()).hasSize(2);

    long patience = System.nanoTime() + 20_000_000_000L;
    while (spooled().size() > 1 && System.nanoTime() < patience) {
      System.gc();
      Thread.onSpinWait();
    }

    assertThat(spooled()).hasSize(1);
    assertThat(kept.bytes()).hasSize(100);
  }
}
