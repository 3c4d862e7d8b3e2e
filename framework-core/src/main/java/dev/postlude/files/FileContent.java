package dev.postlude.files;

import dev.postlude.http.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is in a file just now.
 *
 * @param length in bytes
 * @param modified when it was last changed, to the second; {@code null} when nobody knows
 * @param tag differs for other content, as well as one can know without reading it
 * @param pieces makes bodies of it
 */
record FileContent(long length, @Nullable Instant modified, String tag, Pieces pieces) {

  /** Makes bodies of pieces of a file. */
  @FunctionalInterface
  interface Pieces {
    Body piece(long from, long length) throws IOException;
  }

  /**
   * The content of a regular file, or {@code null} when the path leads to something else.
   *
   * @throws IOException when it leads nowhere, or to what may not be read
   */
  static @Nullable FileContent of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile() || !Files.isReadable(file)) {
      return null;
    }
    return new FileContent(
        attributes.size(),
        seconds(attributes.lastModifiedTime()),
        Long.toHexString(attributes.size())
            + "-"
            + Long.toHexString(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)),
        (from, length) -> new Body.File(file, from, length));
  }

  /** To the second, and never in the future: RFC 9110 section 8.8.2.1. */
  static Instant seconds(FileTime time) {
    Instant now = Instant.now();
    Instant then = time.toInstant();
    return (then.isAfter(now) ? now : then).truncatedTo(ChronoUnit.SECONDS);
  }

  /** The whole of it as a body. */
  Body whole() throws IOException {
    return pieces.piece(0, length);
  }
}
