package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.content;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.later;
import static dev.postlude.filter.InMemory.names;
import static dev.postlude.filter.InMemory.tasks;
import static dev.postlude.filter.InMemory.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.Body;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.ResponseStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  private static final Compression GZIP = Compression.gzip();
  private static final String LONG = "to and fro and ".repeat(500);
  private static final Request TAKES_GZIP = Request.get("/").header("Accept-Encoding", "gzip");
  private static final Handler PAGE = request -> Response.text(LONG).background("t", () -> {});

  private static String unzipped(byte[] zipped) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static boolean isCompressed(Response response) {
    return header(response, "Content-Encoding").equals("gzip");
  }

  @Test
  void aLongTextIsCompressed() throws Exception {
    Response response = answer(GZIP, TAKES_GZIP, PAGE);

    assertThat(response.headers())
        .hasToString(
            """
            Content-Type: text/plain; charset=utf-8
            Vary: Accept-Encoding
            Content-Encoding: gzip
            """);
    assertThat(content(response)).hasSizeLessThan(200);
    assertThat(unzipped(content(response))).isEqualTo(LONG);
    assertThat(tasks(response)).containsExactly("t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          gzip                      | true
          GZIP                      | true
          gzip, deflate, br, zstd   | true
          gzip;q=0.1                | true
          *                         | true
          br, *;q=0.1               | true
          gzip;q=1.0, identity;q=0.5| true
          gzip;q=0.5, identity;q=0.9| false
          gzip;q=0                  | false
          gzip;q=0, *               | false
          *;q=0                     | false
          identity                  | false
          deflate                   | false
          br                        | false
          x-gzipper                 | false
          ~~                        | false
          """)
  void theClientDecides(String acceptEncoding, boolean compressed) throws Exception {
    Request request = Request.get("/").header("Accept-Encoding", acceptEncoding);

    Response response = answer(GZIP, request, PAGE);

    assertThat(isCompressed(response)).isEqualTo(compressed);
    assertThat(header(response, "Vary")).as("either way").isEqualTo("Accept-Encoding");
    assertThat(compressed ? unzipped(content(response)) : text(response)).isEqualTo(LONG);
  }

  @Test
  void aClientThatSaysNothingGetsItPlain() throws Exception {
    assertThat(isCompressed(answer(GZIP, Request.get("/"), PAGE))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain; charset=utf-8,true",
    "text/html,true",
    "TEXT/CSS,true",
    "application/json,true",
    "application/problem+json,true",
    "application/atom+xml; charset=utf-8,true",
    "application/javascript,true",
    "application/wasm,true",
    "image/svg+xml,true",
    "font/ttf,true",
    "text/event-stream,false",
    "image/png,false",
    "image/jpeg,false",
    "video/mp4,false",
    "font/woff2,false",
    "application/zip,false",
    "application/gzip,false",
    "application/pdf,false",
    "application/octet-stream,false",
    "json,false"
  })
  void typesThatGainByItAreCompressed(String type, boolean compressed) throws Exception {
    byte[] bytes = LONG.getBytes(StandardCharsets.UTF_8);

    Response whole = answer(GZIP, TAKES_GZIP, request -> Response.bytes(type, bytes));
    Response stream =
        answer(GZIP, TAKES_GZIP, request -> Response.stream(type, out -> out.write(bytes)));

    assertThat(isCompressed(whole)).isEqualTo(compressed);
    assertThat(isCompressed(stream)).isEqualTo(compressed);
    assertThat(whole.headers().contains("Vary")).isEqualTo(compressed);
  }

  @Test
  void contentOfNoTypeIsLeftAlone() throws Exception {
    Handler untyped =
        request -> Response.of(200).body(new Body.Bytes(LONG.getBytes(StandardCharsets.UTF_8)));

    assertThat(names(answer(GZIP, TAKES_GZIP, untyped))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1023,false", "1024,true"})
  void smallContentIsLeftAlone(int size, boolean compressed) throws Exception {
    Response response = answer(GZIP, TAKES_GZIP, request -> Response.text("x".repeat(size)));

    assertThat(isCompressed(response)).isEqualTo(compressed);
    assertThat(response.headers().contains("Vary")).isEqualTo(compressed);
  }

  @Test
  void theThresholdMayBeOnesOwn() throws Exception {
    assertThat(isCompressed(answer(GZIP.threshold(100_000), TAKES_GZIP, PAGE))).isFalse();
    assertThat(
            isCompressed(
                answer(GZIP.threshold(50), TAKES_GZIP, r -> Response.text("x".repeat(50)))))
        .isTrue();
    assertThat(answer(GZIP.threshold(0), TAKES_GZIP, r -> Response.text("")).headers().size())
        .isEqualTo(1);
  }

  @Test
  void whatDoesNotBecomeSmallerStaysPlain() throws Exception {
    StringBuilder noise = new StringBuilder();
    new Random(7).ints(1024, 0, 256).forEach(i -> noise.append((char) i));
    byte[] bytes = noise.toString().getBytes(StandardCharsets.ISO_8859_1);

    Response response = answer(GZIP, TAKES_GZIP, r -> Response.bytes("text/plain", bytes));

    assertThat(isCompressed(response)).isFalse();
    assertThat(content(response)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Encoding | br
          Content-Encoding | identity
          Cache-Control    | public, No-Transform
          Content-Digest   | sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
          Repr-Digest      | sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
          """)
  void whatMustStayAsItIsStays(String name, String value) throws Exception {
    Response response =
        answer(GZIP, TAKES_GZIP, request -> Response.text(LONG).header(name, value));

    assertThat(text(response)).isEqualTo(LONG);
    assertThat(header(response, name)).isEqualTo(value);
  }

  @Test
  void partsFilesAndEmptyAnswersAreLeftAlone() throws Exception {
    assertThat(names(answer(GZIP, TAKES_GZIP, r -> Response.text(206, LONG))))
        .containsExactly("Content-Type");
    assertThat(names(answer(GZIP, TAKES_GZIP, r -> Response.text(204, LONG))))
        .containsExactly("Content-Type");
    assertThat(names(answer(GZIP, TAKES_GZIP, r -> Response.noContent()))).isEmpty();
    Body.File file = new Body.File(Path.of("/none"), 0, 100_000);
    assertThat(names(answer(GZIP, TAKES_GZIP, r -> Response.text("").body(file))))
        .containsExactly("Content-Type");
  }

  @Test
  void serverSentEventsAreLeftAloneEntirely() throws Exception {
    Response response =
        answer(GZIP, TAKES_GZIP, request -> Response.events(events -> events.send("x")));

    assertThat(names(response))
        .containsExactly("Content-Type", "Cache-Control", "X-Accel-Buffering");
    assertThat(text(response)).isEqualTo("data: x\n\n");
    Response beating =
        answer(
            GZIP,
            TAKES_GZIP,
            request ->
                Response.events(events -> events.send("x")).header("Content-Type", "text/plain"));
    assertThat(isCompressed(beating)).as("its heartbeat goes past us").isFalse();
  }

  @Test
  void aStrongTagBecomesWeakAndRangesAreNotOffered() throws Exception {
    Handler tagged =
        request -> Response.text(LONG).header("ETag", "\"v1\"").header("Accept-Ranges", "bytes");

    Response zipped = answer(GZIP, TAKES_GZIP, tagged);
    Response plain = answer(GZIP, Request.get("/"), tagged);

    assertThat(header(zipped, "ETag")).isEqualTo("W/\"v1\"");
    assertThat(zipped.headers().contains("Accept-Ranges")).isFalse();
    assertThat(header(plain, "ETag")).isEqualTo("\"v1\"");
    assertThat(header(plain, "Accept-Ranges")).isEqualTo("bytes");
    Response weak = answer(GZIP, TAKES_GZIP, r -> Response.text(LONG).header("ETag", "W/\"v1\""));
    assertThat(header(weak, "ETag")).isEqualTo("W/\"v1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          W/"v1"        | W/"v1"
          "v0", W/"v1"  | W/"v1"
          "v1"          | "v1"
          W/"v2"        | "v1"
          """)
  void notModifiedConfirmsTheTagThatTheClientHas(String has, String confirmed) throws Exception {
    Response response =
        answer(
            GZIP,
            TAKES_GZIP.header("If-None-Match", has),
            request -> Response.of(304).header("ETag", "\"v1\""));

    assertThat(header(response, "ETag")).isEqualTo(confirmed);
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void headHasTheHeadersOfGet() throws Exception {
    Request head = Request.of(Method.HEAD, "/").header("Accept-Encoding", "gzip");

    Response response = answer(GZIP, head, PAGE);
    Response get = answer(GZIP, TAKES_GZIP, PAGE);

    assertThat(response.headers()).isEqualTo(get.headers());
    assertThat(response.body().length()).isEqualTo(get.body().length());
  }

  @Test
  void errorsAndAnswersToComeAreCompressedToo() throws Exception {
    assertThat(isCompressed(answer(GZIP, TAKES_GZIP, later(PAGE)))).isTrue();
    assertThat(tasks(answer(GZIP, TAKES_GZIP, later(PAGE)))).containsExactly("t");
    assertThat(isCompressed(answer(GZIP, TAKES_GZIP, r -> Response.problem(409, LONG)))).isTrue();
  }

  @Test
  void aStreamIsCompressedAsItIsWritten() throws Exception {
    Response response =
        answer(
            GZIP,
            TAKES_GZIP,
            request ->
                Response.stream(
                        "text/csv",
                        out -> {
                          out.write('a');
                          out.write("bc\n".getBytes(StandardCharsets.UTF_8), 1, 2);
                          out.flush();
                          out.close();
                          out.write(
                              "after a close that does nothing".getBytes(StandardCharsets.UTF_8));
                        })
                    .background("t", () -> {}));

    assertThat(unzipped(content(response))).isEqualTo("ac\nafter a close that does nothing");
    assertThat(tasks(response)).containsExactly("t");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 1_000_000})
  void streamsOfAnyLengthComeThrough(int length) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Response response =
        answer(GZIP, TAKES_GZIP, request -> Response.stream("text/csv", out -> out.write(bytes)));

    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content(response)))) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aStreamThatIsCutOffLooksLikeIt() throws Exception {
    Response response =
        answer(
            GZIP,
            TAKES_GZIP,
            request ->
                Response.stream(
                    "text/csv",
                    out -> {
                      out.write(LONG.getBytes(StandardCharsets.UTF_8));
                      out.flush();
                      throw new IOException("half-way");
                    }));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThatThrownBy(() -> ((Body.Stream) response.body()).writer().write(ResponseStream.to(out)))
        .isInstanceOf(IOException.class)
        .hasMessage("half-way");

    assertThatThrownBy(() -> unzipped(out.toByteArray())).isInstanceOf(EOFException.class);
  }

  @Test
  void theLevelMakesADifference() throws Exception {
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      numbers.append(i * 7919L).append(' ');
    }
    Handler handler = request -> Response.text(numbers.toString());

    Response fast = answer(GZIP.level(1), TAKES_GZIP, handler);
    Response small = answer(GZIP.level(9), TAKES_GZIP, handler);

    assertThat(small.body().length()).isLessThan(fast.body().length());
    assertThat(unzipped(content(fast))).isEqualTo(unzipped(content(small)));
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatThrownBy(() -> GZIP.threshold(-1)).hasMessageContaining("0 bytes or more");
    assertThatThrownBy(() -> GZIP.level(0)).hasMessageContaining("1, the fastest");
    assertThatThrownBy(() -> GZIP.level(10)).hasMessageContaining("9, the smallest");
  }
}
