package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.HttpDates;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder on the disk. */
class DirectoryTest extends StaticFilesContract {
  @TempDir private Path folder;

  @Override
  StaticFiles place(Path folder) {
    return StaticFiles.directory(folder.resolve("www"));
  }

  private int status(String path) throws Exception {
    return get(path).status();
  }

  private Response get(String path) throws Exception {
    StaticFiles files = StaticFiles.directory(folder.resolve("www"));
    return App.of(routes -> routes.get("/{path...}", files)).handle(Request.get(path));
  }

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void theKernelCopiesTheFileItself() throws Exception {
    Path file = file("www/a.txt", "hello");

    assertThat(get("/a.txt").body()).isEqualTo(new Body.File(file.toRealPath(), 0, 5));
  }

  @Test
  void aLinkInsideTheFolderIsFollowed() throws Exception {
    file("www/real/a.txt", "hello");
    Files.createSymbolicLink(folder.resolve("www/link.txt"), Path.of("real/a.txt"));
    Files.createSymbolicLink(folder.resolve("www/folder"), Path.of("real"));

    assertThat(Bodies.text(get("/link.txt"))).isEqualTo("hello");
    assertThat(Bodies.text(get("/folder/a.txt"))).isEqualTo("hello");
  }

  @Test
  void aLinkOutOfTheFolderIsNot() throws Exception {
    Path secret = file("secret/a.txt", "TOPSECRET");
    file("www-other/a.txt", "TOPSECRET");
    file("www/a.txt", "");
    Files.createSymbolicLink(folder.resolve("www/absolute.txt"), secret.toAbsolutePath());
    Files.createSymbolicLink(folder.resolve("www/relative.txt"), Path.of("../secret/a.txt"));
    Files.createSymbolicLink(folder.resolve("www/folder"), Path.of("../secret"));
    Files.createSymbolicLink(folder.resolve("www/sibling"), Path.of("../www-other"));
    Files.createSymbolicLink(folder.resolve("www/twice.txt"), Path.of("folder/a.txt"));
    Files.createSymbolicLink(folder.resolve("www/nowhere"), Path.of("nothing"));
    Files.createSymbolicLink(folder.resolve("www/circle"), Path.of("circle"));

    for (String path :
        new String[] {
          "/absolute.txt",
          "/relative.txt",
          "/folder/a.txt",
          "/sibling/a.txt",
          "/twice.txt",
          "/nowhere",
          "/circle",
          "/circle/"
        }) {
      assertThat(status(path)).as(path).isEqualTo(404);
    }
    assertThat(status("/a.txt")).isEqualTo(200);
  }

  @Test
  void theFolderItselfMayBeALinkThatMoves() throws Exception {
    file("releases/1/a.txt", "one");
    file("releases/2/a.txt", "two");
    Path www = folder.resolve("www");
    Files.createSymbolicLink(www, Path.of("releases/1"));
    assertThat(Bodies.text(get("/a.txt"))).isEqualTo("one");
    StaticFiles files = StaticFiles.directory(www);

    Files.delete(www);
    Files.createSymbolicLink(www, Path.of("releases/2"));

    App app = App.of(routes -> routes.get("/{path...}", files));
    assertThat(Bodies.text(app.handle(Request.get("/a.txt")))).isEqualTo("two");
  }

  @Test
  void whatIsNoRegularFileIsNotThere() throws Exception {
    file("www/a.txt", "x");
    Process made = new ProcessBuilder("mkfifo", folder.resolve("www/pipe").toString()).start();
    assertThat(made.waitFor()).as("mkfifo").isZero();

    assertThat(status("/pipe")).isEqualTo(404);
  }

  @Test
  void aFileThatChangesHasAnotherTag() throws Exception {
    Path file = file("www/a.txt", "one");
    String before = get("/a.txt").headers().find("ETag").orElseThrow();

    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusMillis(5)));
    String touched = get("/a.txt").headers().find("ETag").orElseThrow();
    FileTime same = Files.getLastModifiedTime(file);
    Files.writeString(file, "four");
    Files.setLastModifiedTime(file, same);

    assertThat(touched).isNotEqualTo(before);
    assertThat(get("/a.txt").headers().find("ETag").orElseThrow()).isNotEqualTo(touched);
  }

  @Test
  void aFileFromTheFutureIsOfToday() throws Exception {
    Path file = file("www/a.txt", "x");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(86_400)));

    assertThat(get("/a.txt").headers().find("Last-Modified"))
        .flatMap(HttpDates::parse)
        .hasValueSatisfying(date -> assertThat(date).isBeforeOrEqualTo(Instant.now()));
  }

  @Test
  void aFolderThatIsNotThereIsToldAtOnce() throws Exception {
    Path file = file("www/a.txt", "x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> StaticFiles.directory(folder.resolve("missing")))
        .withMessageContaining(folder.resolve("missing").toString());
    assertThatIllegalArgumentException().isThrownBy(() -> StaticFiles.directory(file));
  }

  @Test
  void aFolderInAnArchiveIsReferredToTheClassPath() throws Exception {
    URI archive = URI.create("jar:" + folder.resolve("a.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Files.createDirectory(zip.getPath("/www"));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> StaticFiles.directory(zip.getPath("/www")))
          .withMessageContaining("StaticFiles.classPath");
    }
  }

  @Test
  void noPathAtAllLeadsOutOrToAFailure() throws Exception {
    file("secret.txt", "TOPSECRET");
    file("www/a.txt", "a");
    file("www/b/index.html", "b");
    Files.createSymbolicLink(folder.resolve("www/link"), Path.of(".."));
    App app =
        App.of(routes -> routes.get("/{path...}", StaticFiles.directory(folder.resolve("www"))));
    String[] pieces = {
      "/",
      "/",
      "/",
      ".",
      "..",
      "\\",
      "%2f",
      "%5c",
      "%2e",
      "%00",
      "%0a",
      "%20",
      "%25",
      "%c0",
      "%e2%82%ac",
      "a.txt",
      "b",
      "secret.txt",
      "www",
      "link",
      "C:",
      "~",
      "+",
      "%3a",
      ":",
      "x".repeat(300),
      "index.html"
    };
    Random random = new Random(22);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder path = new StringBuilder("/");
      for (int i = random.nextInt(8); i >= 0; i--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }

      Response response = app.handle(Request.get(path.toString()));

      assertThat(response.status()).as(path.toString()).isIn(200, 308, 400, 404);
      assertThat(Bodies.text(response)).as(path.toString()).isNotEqualTo("TOPSECRET");
    }
  }

  @Test
  void aRouteWithoutAParameterIsToldWhatToDo() throws Exception {
    file("www/a.txt", "x");
    StaticFiles files = StaticFiles.directory(folder.resolve("www"));

    assertThatIllegalStateException()
        .isThrownBy(() -> files.handle(Request.get("/a.txt").routed("/a.txt", Params.ofPath())))
        .withMessageContaining("{path...}")
        .withMessageContaining("/a.txt");
  }
}
