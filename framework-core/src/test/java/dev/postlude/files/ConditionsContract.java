package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import org.junit.jupiter.api.Test;

/**
 * Conditions and ranges: the tables stand in {@link PreconditionsTest} and {@link ByteRangesTest}.
 */
interface ConditionsContract extends FolderUnderTest {
  @Test
  default void whoHasTheFileIsToldSo() throws Exception {
    String etag = header(get("/hello.txt"), "ETag");

    Response response = get("/hello.txt", "If-None-Match", etag);

    assertThat(response.status()).isEqualTo(304);
    assertThat(response.headers()).isEqualTo(Headers.of("ETag", etag, "Cache-Control", "no-cache"));
    assertThat(
            get("/hello.txt", "If-Modified-Since", header(get("/hello.txt"), "Last-Modified"))
                .status())
        .isEqualTo(304);
  }

  @Test
  default void whoWantsAnotherFileGetsNone() throws Exception {
    Response response = get("/hello.txt", "If-Match", "\"another\"");

    assertThat(response.status()).isEqualTo(412);
    assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(response, "Cache-Control")).isEqualTo("none");
  }

  @Test
  default void aRangeIsSent() throws Exception {
    Response response = get("/hello.txt", "Range", "bytes=6-11");

    assertThat(response.status()).isEqualTo(206);
    assertThat(Bodies.text(response)).isEqualTo("static");
    assertThat(header(response, "Content-Range")).isEqualTo("bytes 6-11/13");
    assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(header(response, "ETag")).isEqualTo(header(get("/hello.txt"), "ETag"));
  }

  @Test
  default void severalRangesAreSentAsParts() throws Exception {
    Response response = get("/hello.txt", "Range", "bytes=0-1,6-7,-1");

    assertThat(response.status()).isEqualTo(206);
    assertThat(header(response, "Content-Range")).isEqualTo("none");
    String type = header(response, "Content-Type");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    assertThat(Bodies.text(response).replace(boundary, "B"))
        .isEqualTo(
            """
            --B
            Content-Type: text/plain; charset=utf-8
            Content-Range: bytes 0-1/13

            he
            --B
            Content-Type: text/plain; charset=utf-8
            Content-Range: bytes 6-7/13

            st
            --B
            Content-Type: text/plain; charset=utf-8
            Content-Range: bytes 12-12/13

            #
            --B--
            """
                .replace("\n", "\r\n")
                .replace('#', '\n'));
    assertThat(response.body().length()).isEqualTo(Bodies.bytes(response.body()).length);
  }

  @Test
  default void aRangeThatIsNotThereIsRefused() throws Exception {
    Response response = get("/hello.txt", "Range", "bytes=13-");

    assertThat(response.status()).isEqualTo(416);
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */13");
    assertThat(header(response, "Cache-Control")).isEqualTo("none");
    assertThat(header(get("/empty.txt", "Range", "bytes=0-"), "Content-Range"))
        .isEqualTo("bytes */0");
  }

  @Test
  default void aRangeOfAnotherFileIsNotSent() throws Exception {
    String etag = header(get("/hello.txt"), "ETag");

    assertThat(get("/hello.txt", "Range", "bytes=0-1", "If-Range", etag).status()).isEqualTo(206);
    Response other = get("/hello.txt", "Range", "bytes=0-1", "If-Range", "\"another\"");
    assertThat(other.status()).isEqualTo(200);
    assertThat(Bodies.text(other)).isEqualTo("hello static\n");
    // It would be 416 if the range were looked at.
    assertThat(get("/hello.txt", "Range", "bytes=99-", "If-Range", "\"another\"").status())
        .isEqualTo(200);
  }

  @Test
  default void headHasNoRanges() throws Exception {
    Request head = Request.of(Method.HEAD, "/static/hello.txt").header("Range", "bytes=0-1");

    Response response = send(files(), head);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().length()).isEqualTo(13);
  }
}
