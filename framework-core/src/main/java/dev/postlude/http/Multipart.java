package dev.postlude.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A form with files, as browsers send it: {@code multipart/form-data}, RFC 7578.
 *
 * <pre>{@code
 * Multipart form = request.multipart();
 * int album = form.fields().asInt("album");
 * Part photo = form.get("photo");
 * photo.saveTo(folder.resolve(UUID.randomUUID() + ".jpg"));
 * }</pre>
 *
 * <p>Parts of more than 64 KiB ({@link MultipartOptions#inMemory}) are kept in temporary files,
 * until the request's background tasks have ended, retries included: tasks may read them, what is
 * handed on to others is to be saved. A form that a task reads, or that was parsed without a
 * request, loses its files when nobody has it or its parts in hand any more, which the garbage
 * collector notices. {@link #discard} deletes them at once. What is in use when the process is
 * killed stays behind.
 *
 * <p>Parsed by hand, a buffer of 16 KiB at a time: the parsers that there are belong to a server or
 * the servlet API, or bring more with them than this takes. Immutable; safe for any thread.
 */
public final class Multipart {
  private static final int MAX_BOUNDARY = 70;

  private final List<Part> parts;
  private final MultipartOptions options;

  private Multipart(List<Part> parts, MultipartOptions options) {
    this.parts = List.copyOf(parts);
    this.options = options;
  }

  /**
   * Reads a form, to the end of the stream. Blocks; does not close the stream.
   *
   * @param boundary what separates the parts, as the {@code Content-Type} says: see {@link
   *     #boundary}
   * @throws HttpException 400 when it is malformed or cut off, 413 when it goes beyond a limit, 415
   *     when a part's content is encoded
   * @throws IOException when the stream cannot be read or a temporary file not be written
   */
  public static Multipart parse(InputStream in, String boundary, MultipartOptions options)
      throws IOException {
    MultipartReader reader = new MultipartReader(in, boundary, options);
    List<Part> parts = new ArrayList<>();
    boolean whole = false;
    try {
      for (Headers head = reader.nextHead(); head != null; head = reader.nextHead()) {
        if (parts.size() == options.maxParts()) {
          throw new HttpException(
              413, "the form has more than " + options.maxParts() + " parts (maxParts)");
        }
        Part part = part(PartHead.of(head), reader, options);
        if (part != null) {
          parts.add(part);
        }
      }
      whole = true;
      return new Multipart(parts, options);
    } finally {
      if (!whole) {
        parts.forEach(Part::discard);
      }
    }
  }

  private static @Nullable Part part(
      PartHead head, MultipartReader reader, MultipartOptions options) throws IOException {
    Spool content = new Spool(options, head.name());
    boolean whole = false;
    try {
      reader.content(content);
      content.close();
      whole = true;
    } finally {
      if (!whole) {
        content.discard();
      }
    }
    return head.isUnchosen() && content.size() == 0 ? null : new Part(head, content);
  }

  /**
   * The boundary that a {@code Content-Type} names.
   *
   * @throws HttpException 415 when it is not {@code multipart/form-data}, 400 when it names no
   *     boundary or a malformed one
   */
  public static String boundary(String contentType) {
    if (!MediaType.is(contentType, "multipart/form-data")) {
      throw new HttpException(
          415,
          "send the form with Content-Type: multipart/form-data, not " + Token.quoted(contentType));
    }
    String boundary = FieldParameters.parse(contentType).get("boundary");
    boolean wellFormed =
        boundary != null
            && !boundary.isEmpty()
            && boundary.length() <= MAX_BOUNDARY
            && boundary.chars().allMatch(c -> c >= ' ' && c <= '~')
            && !boundary.endsWith(" ");
    if (boundary == null || !wellFormed) {
      throw new HttpException(
          400, "multipart/form-data names a boundary of 1 to 70 characters: boundary=...");
    }
    return boundary;
  }

  /** All parts in their order. A file input in which nothing was chosen is left out. */
  public List<Part> parts() {
    return parts;
  }

  /** The fields that are no files, for typed reading: {@code form.fields().asInt("album")}. */
  public Params fields() {
    return Params.ofForm(
        parts.stream()
            .filter(part -> !part.isFile())
            .<String>mapMulti(
                (part, to) -> {
                  to.accept(part.name());
                  to.accept(part.text());
                })
            .toArray(String[]::new));
  }

  /** The first part of that name. */
  public Optional<Part> find(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /**
   * The first part of that name.
   *
   * @throws HttpException 400 when there is none
   */
  public Part get(String name) {
    return find(name)
        .orElseThrow(() -> new HttpException(400, "the form has no part " + Token.quoted(name)));
  }

  /** All parts of that name in their order. */
  public List<Part> all(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).toList();
  }

  /** Deletes the temporary files now. Reading parts that were in them throws from then on. */
  public void discard() {
    parts.forEach(Part::discard);
  }

  /** Whether there is something to delete. */
  boolean hasFiles() {
    return parts.stream().anyMatch(Part::isSpooled);
  }

  /** What it was read with. */
  MultipartOptions options() {
    return options;
  }

  @Override
  public String toString() {
    return "Multipart " + parts;
  }
}
