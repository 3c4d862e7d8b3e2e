package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is nowhere on the class path is refused when it is named. */
class ClassPathPlacesTest {
  @TempDir Path folder;

  /**
   * A jar with entries of these names, and of no others; those with a slash at the end are folders.
   */
  private Path jar(String name, String classPath, String... entries) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    Path jar = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String entry : entries) {
        out.putNextEntry(new JarEntry(entry));
        if (!entry.endsWith("/")) {
          out.write(entry.getBytes(StandardCharsets.UTF_8));
        }
        out.closeEntry();
      }
    }
    return jar;
  }

  private static URLClassLoader loader(ClassLoader parent, Path... places) throws IOException {
    URL[] urls = new URL[places.length];
    for (int i = 0; i < places.length; i++) {
      urls[i] = places[i].toUri().toURL();
    }
    return new URLClassLoader(urls, parent);
  }

  private static void assertTaken(String name, ClassLoader loader) {
    assertThat(StaticFiles.classPath(name, loader)).as(name).isNotNull();
  }

  private static void assertRefused(String name, ClassLoader loader) {
    assertThatIllegalArgumentException()
        .as(name)
        .isThrownBy(() -> StaticFiles.classPath(name, loader))
        .withMessage(
            "there is no folder "
                + name
                + " on the class path: in a build like Maven's it stands at src/main/resources"
                + name);
  }

  @Test
  void aJarMayListItsFoldersOrNot() throws Exception {
    Path listing = jar("listing.jar", "", "www/", "www/app.css");
    Path bare = jar("bare.jar", "", "www/docs/app.css", "META-INF/versions/17/newer/app.css");
    try (URLClassLoader one = loader(null, listing);
        URLClassLoader other = loader(null, bare)) {
      assertTaken("/www", one);
      assertTaken("/www", other);
      assertTaken("/www/docs", other);
      assertTaken("/newer", other);
      for (URLClassLoader each : new URLClassLoader[] {one, other}) {
        assertRefused("/nope", each);
        assertRefused("/ww", each);
        assertRefused("/www/app.css", each);
        assertRefused("/docs", each);
      }
    }
  }

  @Test
  void aJarMayNameOthersInItsManifest() throws Exception {
    jar("named.jar", "start.jar", "www/app.css");
    Path start = jar("start.jar", "absent.jar named.jar", "App.class");
    try (URLClassLoader loader = loader(null, start)) {
      assertTaken("/www", loader);
      assertRefused("/nope", loader);
    }
  }

  @Test
  void aDirectoryIsSeenAndAFileIsNone() throws Exception {
    Files.createDirectories(folder.resolve("www/empty"));
    Files.writeString(folder.resolve("www/app.css"), "");
    try (URLClassLoader loader = loader(null, folder, folder.resolve("absent"))) {
      assertTaken("/www", loader);
      assertTaken("/www/empty", loader);
      assertRefused("/www/app.css", loader);
      assertRefused("/nope", loader);
    }
  }

  @Test
  void theClassPathOfTheProgramIsLookedAtToo() throws Exception {
    Path jar = jar("app.jar", "", "www/app.css");
    try (URLClassLoader loader = loader(ClassLoader.getSystemClassLoader(), jar)) {
      assertTaken("/www", loader);
      assertTaken("/dev/postlude/files", loader);
      assertRefused("/nope", loader);
    }
    assertRefused("/nope", ClassLoader.getSystemClassLoader());
    assertThatIllegalArgumentException().isThrownBy(() -> StaticFiles.classPath("/nope"));
  }

  @Test
  void whereItCannotBeToldItIsTaken() throws Exception {
    assertTaken("/nope", new ClassLoader(null) {});
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
    try (URLClassLoader loader = loader(null, broken);
        URLClassLoader nested =
            new URLClassLoader(
                new URL[] {URI.create("jar:" + broken.toUri() + "!/lib/").toURL()}, null)) {
      assertTaken("/nope", loader);
      assertTaken("/nope", nested);
    }
  }
}
