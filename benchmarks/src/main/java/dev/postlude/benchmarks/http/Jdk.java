package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

/**
 * An installed Java.
 *
 * @param version the full version, such as 25.0.3
 * @param release the feature release, such as 25
 */
record Jdk(Path home, String vendor, String version, int release) {
  /**
   * The newest one that is found: the one at work, {@code JAVA_HOME}, and what lies beside either
   * of them.
   */
  static Jdk newest() {
    List<Path> known = new ArrayList<>();
    known.add(Path.of(System.getProperty("java.home")));
    String variable = System.getenv("JAVA_HOME");
    if (variable != null) {
      known.add(Path.of(variable));
    }
    List<Jdk> found = new ArrayList<>();
    for (Path home : known) {
      add(found, home);
      Path parent = home.toAbsolutePath().getParent();
      if (parent != null) {
        addAll(found, parent);
      }
    }
    addAll(found, Path.of("/usr/lib/jvm"));
    return found.stream()
        .max(Comparator.comparingInt(Jdk::release))
        .orElseThrow(() -> new IllegalStateException("no Java was found: say --jdk DIRECTORY"));
  }

  /**
   * The one in a directory.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Jdk at(Path home) {
    List<Jdk> found = new ArrayList<>();
    add(found, home);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no Java in " + home);
    }
    return found.get(0);
  }

  private static void addAll(List<Jdk> found, Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> each = Files.newDirectoryStream(directory)) {
      each.forEach(home -> add(found, home));
    } catch (IOException e) {
      System.err.println("cannot look for Java in " + directory + ": " + e);
    }
  }

  private static void add(List<Jdk> found, Path home) {
    Path description = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin").resolve("java"))
        || !Files.isReadable(description)) {
      return;
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(description)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      return; // not one of those
    }
    String version = unquoted(properties.getProperty("JAVA_VERSION", ""));
    String feature = version.replaceFirst("[^0-9].*", "");
    if (!feature.isEmpty()) {
      String vendor = unquoted(properties.getProperty("IMPLEMENTOR", "unknown vendor"));
      found.add(new Jdk(home, vendor, version, Integer.parseInt(feature)));
    }
  }

  private static String unquoted(String value) {
    return value.replace("\"", "");
  }

  Path java() {
    return home.resolve("bin").resolve("java");
  }
}
