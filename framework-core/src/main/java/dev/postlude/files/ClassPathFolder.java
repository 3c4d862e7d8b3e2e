package dev.postlude.files;

import dev.postlude.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the class path: in jars, or on the disk while an application is being developed.
 *
 * <p>What is in a jar is read into memory for each answer; what is longer than 1 MiB is unpacked to
 * a temporary file once instead.
 */
final class ClassPathFolder implements Shelf {
  private static final int MAX_IN_MEMORY = 1024 * 1024;

  private final ClassLoader loader;
  private final String prefix;
  private final ReentrantLock unpacking = new ReentrantLock();
  private final Map<String, Path> unpacked = new HashMap<>();

  /**
   * A folder as a class loader sees it.
   *
   * @param folder without a slash at either end
   */
  ClassPathFolder(ClassLoader loader, String folder) {
    this.loader = loader;
    this.prefix = folder + "/";
  }

  @Override
  public @Nullable FileContent find(String name) throws IOException {
    URL url = loader.getResource(prefix + name);
    if (url == null) {
      return null;
    }
    if (url.getProtocol().equals("file")) {
      return onDisk(url, name);
    }
    URLConnection connection = url.openConnection();
    return connection instanceof JarURLConnection jar ? inJar(jar, name) : elsewhere(url);
  }

  private static @Nullable FileContent onDisk(URL url, String name) throws IOException {
    try {
      Path file = Path.of(url.toURI());
      Path root = file;
      for (int i = 0; root != null && i < Path.of(name).getNameCount(); i++) {
        root = root.getParent();
      }
      return root == null ? null : Folder.find(root, file);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException("cannot make a path of " + url, e);
    }
  }

  private @Nullable FileContent inJar(JarURLConnection jar, String name) throws IOException {
    JarEntry entry = jar.getJarEntry();
    if (entry == null || entry.isDirectory()) {
      return null;
    }
    // The entry's own time says little: builds that can be repeated set it to a constant.
    return new FileContent(
        entry.getSize(),
        lastModified(jar),
        Long.toHexString(entry.getSize()) + "-" + Long.toHexString(entry.getCrc()),
        new Resource(jar.getURL(), name, entry.getSize()));
  }

  private static @Nullable Instant lastModified(JarURLConnection jar) {
    try {
      return FileContent.seconds(Files.getLastModifiedTime(Path.of(jar.getJarFileURL().toURI())));
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return null; // a jar inside a jar, or from the network
    }
  }

  /** What says nothing of itself beforehand: a run-time image, a native executable. */
  private static FileContent elsewhere(URL url) throws IOException {
    byte[] bytes;
    try (InputStream in = url.openStream()) {
      bytes = in.readAllBytes();
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return new FileContent(
        bytes.length,
        null,
        Long.toHexString(bytes.length) + "-" + Long.toHexString(crc.getValue()),
        (from, length) -> slice(bytes, from, length));
  }

  private static Body slice(byte[] bytes, long from, long length) {
    return new Body.Bytes(
        length == bytes.length
            ? bytes
            : Arrays.copyOfRange(bytes, (int) from, (int) (from + length)));
  }

  /** A file in a jar, for one answer. */
  private final class Resource implements FileContent.Pieces {
    private final URL url;
    private final String name;
    private final long size;
    private byte @Nullable [] bytes;

    Resource(URL url, String name, long size) {
      this.url = url;
      this.name = name;
      this.size = size;
    }

    @Override
    public Body piece(long from, long length) throws IOException {
      if (size > MAX_IN_MEMORY) {
        return new Body.File(unpacked(), from, length);
      }
      byte[] all = bytes;
      if (all == null) {
        try (InputStream in = url.openStream()) {
          all = in.readAllBytes();
        }
        bytes = all;
      }
      return slice(all, from, length);
    }

    private Path unpacked() throws IOException {
      unpacking.lock();
      try {
        Path file = unpacked.get(name);
        if (file == null || !Files.exists(file)) { // temporary files are tidied away at times
          file = Files.createTempFile("postlude-", ".unpacked");
          file.toFile().deleteOnExit();
          try (InputStream in = url.openStream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          }
          unpacked.put(name, file);
        }
        return file;
      } finally {
        unpacking.unlock();
      }
    }
  }
}
