package dev.postlude.files;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Looks for a folder of the class path. A class loader finds a folder by its name on the disk, and
 * in a jar that has an entry for it; some tools leave such entries away, so that all names have to
 * be looked at. For one look.
 */
final class ClassPathPlaces {
  private final String prefix;
  private final Set<URI> seen = new HashSet<>();

  private ClassPathPlaces(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Tells whether there certainly is no such folder. Where that cannot be told (jars inside jars,
   * run-time images, native executables, class loaders that are not the JDK's), it is not certain.
   * Blocks.
   *
   * @param prefix the folder's name with a slash at its end only
   */
  static boolean lack(ClassLoader loader, String prefix) {
    try {
      for (URL url : Collections.list(loader.getResources(prefix))) {
        if (!url.getProtocol().equals("file") || Files.isDirectory(Path.of(url.toURI()))) {
          return false;
        }
      }
      return new ClassPathPlaces(prefix).areWithout(loader);
    } catch (Exception e) { // what cannot be read cannot be judged
      return false;
    }
  }

  private boolean areWithout(ClassLoader loader) throws IOException {
    for (ClassLoader each = loader; each != null; each = each.getParent()) {
      if (each == ClassLoader.getSystemClassLoader()) {
        return System.getProperty("jdk.module.main") == null
            && System.getProperty("jdk.module.path") == null
            && isWithoutAppClasses();
      }
      if (each instanceof URLClassLoader urls && each.getClass() == URLClassLoader.class) {
        for (URL url : urls.getURLs()) {
          if (!isWithout(URI.create(url.toString()))) {
            return false;
          }
        }
      } else if (each != ClassLoader.getPlatformClassLoader()) {
        return false;
      }
    }
    return true;
  }

  private boolean isWithoutAppClasses() throws IOException {
    for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!isWithout(Path.of(place).toUri())) {
        return false;
      }
    }
    return true;
  }

  private boolean isWithout(URI place) throws IOException {
    if (!"file".equals(place.getScheme())) {
      return false;
    }
    Path path = Path.of(place);
    if (!seen.add(place) || Files.isDirectory(path) || !Files.exists(path)) {
      return true; // a directory was asked by the class loader
    }
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream().noneMatch(entry -> isInside(entry.getName()))
          && areWithout(place, jar.getManifest());
    }
  }

  private boolean isInside(String name) {
    return name.startsWith(prefix)
        || name.startsWith("META-INF/versions/") && name.contains("/" + prefix);
  }

  /** The jars that a jar names in its manifest, relative to itself. */
  private boolean areWithout(URI jar, Manifest manifest) throws IOException {
    String more =
        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    if (more != null) {
      for (String each : more.trim().split(" +")) {
        if (!isWithout(jar.resolve(each))) {
          return false;
        }
      }
    }
    return true;
  }
}
