package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.http.Params;
import dev.postlude.http.Request;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of the class path while an application is being developed. */
class ClassPathOnDiskTest extends StaticFilesContract {
  private URLClassLoader loader = new URLClassLoader(new URL[0]);

  @Override
  StaticFiles place(Path folder) throws Exception {
    loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    return StaticFiles.classPath("/www", loader);
  }

  @Override
  void close() throws Exception {
    loader.close();
  }

  @Test
  void aLinkOutOfTheFolderIsNotFollowed(@TempDir Path root) throws Exception {
    Path secret = Files.writeString(root.resolve("secret.txt"), "TOPSECRET");
    Files.createDirectories(root.resolve("www/docs"));
    Files.createSymbolicLink(root.resolve("www/docs/link.txt"), secret);
    Files.writeString(root.resolve("www/docs/a.txt"), "a");
    try (URLClassLoader linked = new URLClassLoader(new URL[] {root.toUri().toURL()}, null)) {
      ClassPathFolder folder = new ClassPathFolder(linked, "www");

      assertThat(folder.find("docs/a.txt")).isNotNull();
      assertThat(folder.find("docs/link.txt")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//"})
  void theRootOfTheClassPathIsNotForTheWorld(String folder) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StaticFiles.classPath(folder))
        .withMessageContaining("/www");
  }

  @Test
  void slashesAtItsEndsMakeNoDifference() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      for (String folder : new String[] {"www", "/www", "www/", "/www/"}) {
        assertThat(
                StaticFiles.classPath(folder)
                    .handle(
                        Request.get("/hello.txt")
                            .routed("/{path...}", Params.ofPath("path", "hello.txt")))
                    .status())
            .isEqualTo(200);
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
