package dev.postlude.http;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a multipart form may be, and where its parts are kept. What goes beyond is refused with 413
 * and a sentence that names the limit.
 *
 * @param maxParts how many parts there may be, fields and files together
 * @param maxHead how long the head of a part may be, in bytes
 * @param maxPart how long the content of a part may be, in bytes
 * @param maxTotal how long all of it may be, in bytes; the limit on the request's body stands
 *     beside it
 * @param inMemory up to how many bytes the content of a part is kept in memory; a longer one goes
 *     to a file
 * @param directory where these files are
 */
public record MultipartOptions(
    int maxParts, int maxHead, long maxPart, long maxTotal, int inMemory, Path directory) {
  private static final MultipartOptions DEFAULTS =
      new MultipartOptions(
          256,
          8 * 1024,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          64 * 1024,
          Path.of(System.getProperty("java.io.tmpdir")));

  /**
   * Options.
   *
   * @throws IllegalArgumentException when a limit is negative
   */
  public MultipartOptions {
    requireNotNegative("maxParts", maxParts);
    requireNotNegative("maxHead", maxHead);
    requireNotNegative("maxPart", maxPart);
    requireNotNegative("maxTotal", maxTotal);
    requireNotNegative("inMemory", inMemory);
    Objects.requireNonNull(directory, "directory");
  }

  private static void requireNotNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is zero or more, not " + value);
    }
  }

  /**
   * 256 parts with heads of 8 KiB; no limits on their sizes but the one on the request's body;
   * parts of more than 64 KiB in the JVM's directory for temporary files.
   */
  public static MultipartOptions defaults() {
    return DEFAULTS;
  }

  /** A copy that allows so many parts. */
  public MultipartOptions maxParts(int parts) {
    return new MultipartOptions(parts, maxHead, maxPart, maxTotal, inMemory, directory);
  }

  /** A copy that allows heads of parts of so many bytes. */
  public MultipartOptions maxHead(int bytes) {
    return new MultipartOptions(maxParts, bytes, maxPart, maxTotal, inMemory, directory);
  }

  /** A copy that allows parts of so many bytes. */
  public MultipartOptions maxPart(long bytes) {
    return new MultipartOptions(maxParts, maxHead, bytes, maxTotal, inMemory, directory);
  }

  /** A copy that allows so many bytes in all. */
  public MultipartOptions maxTotal(long bytes) {
    return new MultipartOptions(maxParts, maxHead, maxPart, bytes, inMemory, directory);
  }

  /** A copy that keeps parts of up to so many bytes in memory. */
  public MultipartOptions inMemory(int bytes) {
    return new MultipartOptions(maxParts, maxHead, maxPart, maxTotal, bytes, directory);
  }

  /** A copy that keeps longer parts there, in files that only this user may read. */
  public MultipartOptions directory(Path directory) {
    return new MultipartOptions(maxParts, maxHead, maxPart, maxTotal, inMemory, directory);
  }
}
