package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postlude.App;
import dev.postlude.http.HttpDates;
import dev.postlude.http.HttpException;
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
abstract class StaticFilesContract implements ConditionsContract, FolderOptionsContract {
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

  @Override
  public StaticFiles files() {
    return files;
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
