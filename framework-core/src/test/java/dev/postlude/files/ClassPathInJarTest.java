package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Body;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of the class path in the application's jar. */
class ClassPathInJarTest extends StaticFilesContract {
  @TempDir private Path jars;
  private URLClassLoader loader = new URLClassLoader(new URL[0]);

  @Override
  StaticFiles place(Path folder) throws Exception {
    loader = new URLClassLoader(new URL[] {jar(folder, true).toUri().toURL()}, null);
    return StaticFiles.classPath("/www", loader);
  }

  @Override
  void close() throws Exception {
    loader.close();
  }

  /** A jar of a folder, its entries of 1980 as in builds that can be repeated. */
  private Path jar(Path folder, boolean withFolders) throws IOException {
    Path jar = Files.createTempFile(jars, "app", ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        boolean isFolder = Files.isDirectory(path);
        String name = folder.relativize(path).toString().replace('\\', '/');
        if (!name.isEmpty() && (withFolders || !isFolder)) {
          JarEntry entry = new JarEntry(isFolder ? name + "/" : name);
          entry.setLastModifiedTime(FileTime.from(Instant.parse("1980-02-01T00:00:00Z")));
          out.putNextEntry(entry);
          if (!isFolder) {
            Files.copy(path, out);
          }
          out.closeEntry();
        }
      }
    }
    return jar;
  }

  private static Response get(StaticFiles files, String name) throws IOException {
    Request request = Request.get("/" + name);
    return files.handle(request.routed("/{path...}", Params.ofPath("path", name)));
  }

  @Test
  void aJarNeedNotListItsFolders(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("www/docs"));
    Files.writeString(folder.resolve("www/docs/index.html"), "<p>docs");
    Path jar = jar(folder, false);
    try (URLClassLoader bare = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      StaticFiles files = StaticFiles.classPath("www", bare);

      assertThat(get(files, "docs").status()).isEqualTo(308);
      assertThat(Bodies.text(get(files, "docs/index.html"))).isEqualTo("<p>docs");
    }
  }

  @Test
  void aLongFileIsUnpackedOnceAndNotReadIntoMemory(@TempDir Path folder) throws Exception {
    byte[] content = new byte[3 * 1024 * 1024];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * 31) >> 7);
    }
    Files.createDirectories(folder.resolve("www"));
    Files.write(folder.resolve("www/film.mp4"), content);
    try (URLClassLoader jar =
        new URLClassLoader(new URL[] {jar(folder, true).toUri().toURL()}, null)) {
      StaticFiles files = StaticFiles.classPath("www", jar);

      Body body = get(files, "film.mp4").body();
      assertThat(body).isInstanceOf(Body.File.class).isEqualTo(get(files, "film.mp4").body());
      assertThat(Bodies.bytes(body)).isEqualTo(content);

      Files.delete(((Body.File) body).path()); // as who tidies temporary files does
      assertThat(Bodies.bytes(get(files, "film.mp4").body())).isEqualTo(content);
    }
  }
}
