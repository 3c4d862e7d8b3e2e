package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postlude.App;
import dev.postlude.http.Headers;
import dev.postlude.http.HttpDates;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder of files answers, wherever it is: each place is a subclass. */
abstract class StaticFilesContract {
  /** Names below the folder {@code www}, and what stands there. */
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    FILES.put("secret.txt", "TOPSECRET");
    FILES.put("www/hello.txt", "hello static\n");
    FILES.put("www/index.html", "<p>home");
    FILES.put("www/docs/index.html", "<p>docs");
    FILES.put("www/docs/a b \u00fc+#?.txt", "odd");
    FILES.put("www/docs/empty/x/deep.txt", "deep");
    FILES.put("www/empty.txt", "");
    FILES.put("www/app.js", "plain script");
    FILES.put("www/app.js.br", "br");
    FILES.put("www/app.js.gz", "gzip");
    FILES.put("www/only-gz.css", "plain style");
    FILES.put("www/only-gz.css.gz", "gzipped style");
    FILES.put("www/.env", "PASSWORD=hunter2");
    FILES.put("www/.git/config", "secret");
    FILES.put("www/a..b", "dots");
  }

  @TempDir private Path folder;
  private StaticFiles files;

  /** The files' place, given a folder that holds them. */
  abstract StaticFiles place(Path folder) throws Exception;

  /** Ends what {@link #place} has begun. */
  void close() throws Exception {}

  @BeforeEach
  void write() throws Exception {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    files = place(folder);
  }

  @AfterEach
  void end() throws Exception {
    close();
  }

  private static Response send(StaticFiles files, Request request) throws Exception {
    return App.of(routes -> routes.get("/static/{path...}", files)).handle(request);
  }

  private Response get(String path, String... headers) throws Exception {
    return get(files, path, headers);
  }

  private static Response get(StaticFiles files, String path, String... headers) throws Exception {
    Request request = Request.get("/static" + path);
    for (int i = 0; i < headers.length; i += 2) {
      request = request.header(headers[i], headers[i + 1]);
    }
    return send(files, request);
  }

  private static String header(Response response, String name) {
    return response.headers().find(name).orElse("none");
  }

  @Test
  void aFileIsSentWithAllThatIsKnownOfIt() throws Exception {
    Response response = get("/hello.txt");

    assertThat(response.status()).isEqualTo(200);
    assertThat(Bodies.text(response)).isEqualTo("hello static\n");
    assertThat(response.body().length()).isEqualTo(13);
    assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(response, "ETag")).matches("\"[0-9a-f]+-[0-9a-f]+\"");
    assertThat(HttpDates.parse(header(response, "Last-Modified")))
        .hasValueSatisfying(
            date -> assertThat(date).isBetween(Instant.now().minusSeconds(600), Instant.now()));
    assertThat(header(response, "Vary")).isEqualTo("none");
    assertThat(header(response, "Content-Encoding")).isEqualTo("none");
  }

  @Test
  void aFileMayBeEmpty() throws Exception {
    Response response = get("/empty.txt");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().length()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/docs/a%20b%20%C3%BC+%23%3F.txt, odd",
    "/docs%2Fempty/x%2fdeep.txt, deep",
    "/docs/empty/x/deep.txt, deep",
    "/a..b, dots",
    "/%61..b, dots",
    "/, <p>home",
    "/docs/, <p>docs",
  })
  void aPathIsDecodedOnce(String path, String content) throws Exception {
    Response response = get(path);

    assertThat(response.status()).isEqualTo(200);
    assertThat(Bodies.text(response)).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({
    "'', /static/",
    "/docs, /static/docs/",
    "/docs?a=b&c, /static/docs/?a=b&c",
    "/%64ocs, /static/%64ocs/",
  })
  void aFolderIsFoundUnderAPathWithASlash(String path, String location) throws Exception {
    Response response = get(path);

    assertThat(response.status()).isEqualTo(308);
    assertThat(header(response, "Location")).isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/missing.txt",
        "/missing/",
        "/hello.txt/",
        "/hello.txt/x",
        "/docs/empty",
        "/docs/empty/",
        "/docs//a",
        "//hello.txt",
        "/HELLO.TXT",
        // out of the folder
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/docs/../../secret.txt",
        "/docs/%2e%2e/%2e%2e/secret.txt",
        "/docs/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/docs\\..\\..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/..;/secret.txt",
        "/.%2e/secret.txt",
        "/%2fetc/passwd",
        "/%2f%2fetc/passwd",
        "/etc/passwd",
        "/C:/Windows/win.ini",
        "/C:%5cWindows",
        "/file:///etc/passwd",
        "/%5c%5chost%5cshare",
        "/www/../secret.txt",
        // inside, and not visible
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/.git/",
        "/docs/..",
        "/docs/.",
        "/.",
        "/..",
        "/./hello.txt",
        "/hello.txt.",
        "/hello.txt%20",
        "/hello.txt::$DATA",
        // nonsense
        "/hello.txt%00",
        "/%00",
        "/hello.txt%00.html",
        "/%0a",
        "/a%0d%0aSet-Cookie:b=c",
        "/%",
        "/%zz",
        "/%ff",
        "/%ed%a0%80"
      })
  void whatIsNotAVisibleFileIsNotThere(String path) throws Exception {
    Response response = get(path);

    // 400 is for paths whose encoding is malformed: the router's answer, wherever they lead.
    boolean malformed = path.matches(".*(%00|%c0|%ff|%ed|%zz|%$).*");
    assertThat(response.status()).isEqualTo(malformed ? 400 : 404);
    assertThat(Bodies.text(response)).doesNotContain("TOPSECRET", "hunter2", "root:");
  }

  @Test
  void aNameThatIsTooLongIsNotThere() throws Exception {
    assertThat(get("/" + "a".repeat(300)).status()).isEqualTo(404);
    assertThat(get("/a".repeat(3_000)).status()).isEqualTo(404);
  }

  @Test
  void whatADecoderLetsThroughIsNotThereEither() throws Exception {
    for (String path : new String[] {"hello.txt\0", "\ud800", "..", "/etc/passwd", "a\nb"}) {
      Request request = Request.get("/x").routed("/{path...}", Params.ofPath("path", path));
      assertThat(catchThrowableOfType(HttpException.class, () -> files.handle(request)).status())
          .isEqualTo(404);
    }
  }

  // Conditions and ranges: the tables stand in the tests of Preconditions and ByteRanges

  @Test
  void whoHasTheFileIsToldSo() throws Exception {
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
  void whoWantsAnotherFileGetsNone() throws Exception {
    Response response = get("/hello.txt", "If-Match", "\"another\"");

    assertThat(response.status()).isEqualTo(412);
    assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(response, "Cache-Control")).isEqualTo("none");
  }

  @Test
  void aRangeIsSent() throws Exception {
    Response response = get("/hello.txt", "Range", "bytes=6-11");

    assertThat(response.status()).isEqualTo(206);
    assertThat(Bodies.text(response)).isEqualTo("static");
    assertThat(header(response, "Content-Range")).isEqualTo("bytes 6-11/13");
    assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(header(response, "ETag")).isEqualTo(header(get("/hello.txt"), "ETag"));
  }

  @Test
  void severalRangesAreSentAsParts() throws Exception {
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
  void aRangeThatIsNotThereIsRefused() throws Exception {
    Response response = get("/hello.txt", "Range", "bytes=13-");

    assertThat(response.status()).isEqualTo(416);
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */13");
    assertThat(header(response, "Cache-Control")).isEqualTo("none");
    assertThat(header(get("/empty.txt", "Range", "bytes=0-"), "Content-Range"))
        .isEqualTo("bytes */0");
  }

  @Test
  void aRangeOfAnotherFileIsNotSent() throws Exception {
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
  void headHasNoRanges() throws Exception {
    Request head = Request.of(Method.HEAD, "/static/hello.txt").header("Range", "bytes=0-1");

    Response response = send(files, head);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().length()).isEqualTo(13);
  }

  // Settings

  @Test
  void cachesAreToldWhatTheSettingSays() throws Exception {
    assertThat(header(get(files.cacheControl("max-age=60"), "/hello.txt"), "Cache-Control"))
        .isEqualTo("max-age=60");
    StaticFiles byName =
        files.cacheControl(name -> name.equals("docs/index.html") ? "no-store" : "max-age=1");
    assertThat(header(get(byName, "/docs/"), "Cache-Control")).isEqualTo("no-store");
    assertThat(header(get(byName, "/app.js"), "Cache-Control")).isEqualTo("max-age=1");
    assertThatIllegalArgumentException().isThrownBy(() -> files.cacheControl("a\r\nb"));
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
  void aFileThatLiesThereCompressedIsSentSo(
      String path, String accept, String coding, String content) throws Exception {
    Response response = get(files.precompressed(), path, "Accept-Encoding", accept);

    assertThat(header(response, "Content-Encoding")).isEqualTo(coding);
    assertThat(Bodies.text(response)).isEqualTo(content);
    assertThat(header(response, "Content-Type")).startsWith("text/");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(get(path, "Accept-Encoding", accept), "Content-Encoding")).isEqualTo("none");
  }

  @Test
  void whoDoesNotSayGetsTheFileAsItIs() throws Exception {
    Response response = get(files.precompressed(), "/app.js");

    assertThat(Bodies.text(response)).isEqualTo("plain script");
    assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void eachCodingHasATagOfItsOwn() throws Exception {
    StaticFiles precompressed = files.precompressed();
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
  void aPageThatFindsItsWayStandsForMissingOnes(String path, String accept, int status)
      throws Exception {
    Response response = get(files.fallback("docs/index.html"), path, "Accept", accept);

    assertThat(response.status()).isEqualTo(status);
    if (status == 200) {
      assertThat(Bodies.text(response)).isEqualTo("<p>docs");
      assertThat(header(response, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    }
  }

  @Test
  void aFallbackIsNotForWhatIsThere() throws Exception {
    StaticFiles withFallback = files.fallback("docs/index.html");

    assertThat(Bodies.text(get(withFallback, "/hello.txt"))).isEqualTo("hello static\n");
    assertThat(get(withFallback, "/docs").status()).isEqualTo(308);
    assertThat(Bodies.text(get(withFallback, "/"))).isEqualTo("<p>home");
    assertThat(get(files.fallback("missing.html"), "/users/7").status()).isEqualTo(404);
    assertThatIllegalArgumentException().isThrownBy(() -> files.fallback("../secret.txt"));
    assertThatIllegalArgumentException().isThrownBy(() -> files.fallback(""));
  }

  @Test
  void twoSlashesDoNotLeadToAnotherHost() throws Exception {
    App app = App.of(routes -> routes.get("/{path...}", files));

    assertThat(app.handle(Request.get("/docs")).status()).isEqualTo(308);
    assertThat(app.handle(Request.get("//docs")).status()).isEqualTo(404);
    assertThat(app.handle(Request.get("/%2Fdocs")).status()).isEqualTo(404);
    assertThat(app.handle(Request.get("/%5Cdocs")).status()).isEqualTo(404);
    // Whoever took the first slash off by itself.
    Request stripped = Request.get("//docs").routed("/{path...}", Params.ofPath("path", "docs"));
    assertThat(catchThrowableOfType(HttpException.class, () -> files.handle(stripped)).status())
        .isEqualTo(404);
  }
}
