package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {
  /** As a browser sends it, but for the line ends. */
  private static final String FORM =
      """
      --b
      Content-Disposition: form-data; name="title"

      K\u00e4se & Brot
      --b
      Content-Disposition: form-data; name="count"

      3
      --b
      Content-Disposition: form-data; name="photo"; filename="k\u00e4se.jpg"
      Content-Type: image/jpeg

      \u00ff\u00d8 not really
      a photo
      --b
      Content-Disposition: form-data; name="photo"; filename=""
      Content-Type: application/octet-stream


      --b--
      """
          .replace("\n", "\r\n");

  @TempDir private Path folder;

  private MultipartOptions options() {
    return MultipartOptions.defaults().directory(folder);
  }

  private Multipart parse(String form, MultipartOptions options) throws IOException {
    return Multipart.parse(stream(form), "b", options);
  }

  private static InputStream stream(String form) {
    return new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8));
  }

  private static String part(String head, String content) {
    return "--b\r\n" + head + "\r\n\r\n" + content + "\r\n";
  }

  private static String field(String name, String value) {
    return part("Content-Disposition: form-data; name=" + name, value);
  }

  /** Refuses to hand out more than so many bytes at a time. */
  private static InputStream inPiecesOf(int bytes, InputStream whole) {
    return new FilterInputStream(whole) {
      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return super.read(into, from, Math.min(length, bytes));
      }
    };
  }

  private static HttpException refusal(ThrowingParse parse) {
    try {
      parse.run();
    } catch (HttpException e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was not refused");
  }

  private interface ThrowingParse {
    void run() throws IOException;
  }

  private List<Path> spooled() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
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
  void allIsReadSoThatTheNextRequestCanFollow() throws Exception {
    InputStream stream = inPiecesOf(1_000, stream(FORM + "epilogue".repeat(10_000)));

    Multipart.parse(stream, "b", options());

    assertThat(stream.read()).isNegative();
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
  void encodedContentIsRefusedRatherThanStoredAsItIs() {
    String head = "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: ";

    assertThat(refusal(() -> parse(part(head + "base64", "eA==") + "--b--", options())))
        .satisfies(e -> assertThat(e.status()).isEqualTo(415))
        .hasMessageContaining("Content-Transfer-Encoding");
    assertThat(refusal(() -> parse(part(head + "binary", "x"), options())).status()).isEqualTo(400);
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

  // Limits

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

  // Files

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

  // Requests

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
