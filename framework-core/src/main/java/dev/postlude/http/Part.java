package dev.postlude.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link Multipart} form: a field or a file.
 *
 * <p>Immutable, and safe for any thread; may be read any number of times while the form's files are
 * there, of which {@link Multipart} tells.
 */
public final class Part {
  private final String name;
  private final boolean isFile;
  private final String filename;
  private final Headers headers;
  private final long size;
  private final byte[] memory;
  private final @Nullable SpooledFile file;

  /** The part that such a head and content make, the content being whole. */
  Part(PartHead head, Spool content) {
    this.name = head.name();
    this.isFile = head.isFile();
    this.filename = head.filename();
    this.headers = head.headers();
    this.size = content.size();
    this.memory = content.memory();
    this.file = content.file();
  }

  /** The name of the form's field. Several parts may have the same. */
  public String name() {
    return name;
  }

  /** Whether it is a file rather than a field: whether the client named a file, well or badly. */
  public boolean isFile() {
    return isFile;
  }

  /**
   * What the client calls the file: the last element of whatever path it sent, without control
   * characters. It may still be anything else, and the same for every client: to save a file under
   * it, have a folder for each. Empty for fields, and for files without a usable name.
   */
  public Optional<String> filename() {
    return filename.isEmpty() ? Optional.empty() : Optional.of(filename);
  }

  /** What the client says that the content is. */
  public Optional<String> contentType() {
    return headers.find("Content-Type");
  }

  /** The part's header fields. A character beyond ASCII stands there as its bytes in UTF-8. */
  public Headers headers() {
    return headers;
  }

  /** How long the content is, in bytes. */
  public long size() {
    return size;
  }

  /**
   * The content. Do not change the array.
   *
   * @throws UncheckedIOException when it was in a file that cannot be read any more
   */
  public byte[] bytes() {
    if (file == null) {
      return memory;
    }
    try (InputStream in = file.read()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The content as text, in the charset that the part names or else UTF-8.
   *
   * @throws HttpException 415 when the charset is unknown
   * @throws UncheckedIOException when it was in a file that cannot be read any more
   */
  public String text() {
    Charset charset =
        contentType()
            .map(type -> MediaType.charset(type, StandardCharsets.UTF_8))
            .orElse(StandardCharsets.UTF_8);
    return new String(bytes(), charset);
  }

  /** The content, for reading piece by piece. To be closed by the caller. */
  public InputStream stream() throws IOException {
    return file == null ? new ByteArrayInputStream(memory) : file.read();
  }

  /**
   * Saves the content as a new file. Blocks.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is one: nothing is overwritten
   */
  public void saveTo(Path target) throws IOException {
    if (file != null) {
      file.copyTo(target);
      return;
    }
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      out.write(memory);
    }
  }

  /** Whether its content is in a file. */
  boolean isSpooled() {
    return file != null;
  }

  /** Deletes the file behind it, if there is one. */
  void discard() {
    if (file != null) {
      file.delete();
    }
  }

  @Override
  public String toString() {
    return "Part " + Token.quoted(name) + ", " + size + " bytes";
  }
}
