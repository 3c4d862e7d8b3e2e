package dev.postlude.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the content of a part goes while it is read: to memory, and from a certain length on to a
 * file. Not thread-safe.
 */
final class Spool extends OutputStream {
  private final MultipartOptions options;
  private final String name;
  private ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable SpooledFile file;
  private @Nullable OutputStream toFile;
  private long size;

  /**
   * An empty spool.
   *
   * @param name the part's, for complaints
   */
  Spool(MultipartOptions options, String name) {
    this.options = options;
    this.name = name;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Takes a piece.
   *
   * @throws HttpException 413 when the part becomes too long
   */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    size += length;
    if (size > options.maxPart()) {
      throw new HttpException(
          413,
          "the part "
              + Token.quoted(name)
              + " is longer than "
              + options.maxPart()
              + " bytes (maxPart)");
    }
    if (toFile == null && size > options.inMemory()) {
      SpooledFile created = SpooledFile.create(options.directory());
      file = created;
      toFile = created.write();
      memory.writeTo(toFile);
      memory = new ByteArrayOutputStream(0);
    }
    if (toFile == null) {
      memory.write(bytes, offset, length);
    } else {
      toFile.write(bytes, offset, length);
    }
  }

  @Override
  public void close() throws IOException {
    if (toFile != null) {
      toFile.close();
    }
  }

  /** What has been written, unless it is in a file. */
  byte[] memory() {
    return memory.toByteArray();
  }

  /** The file that all of it is in, or {@code null}. */
  @Nullable SpooledFile file() {
    return file;
  }

  long size() {
    return size;
  }

  /** Throws away what has been written. */
  void discard() throws IOException {
    close();
    if (file != null) {
      file.delete();
    }
  }
}
