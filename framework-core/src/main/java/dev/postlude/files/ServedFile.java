package dev.postlude.files;

import dev.postlude.http.Accept;
import dev.postlude.http.ContentDisposition;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.Problem;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * A file as the answer to requests: whole, in ranges, or not at all where the client has it
 * already.
 *
 * <pre>{@code
 * routes.get("/favicon.ico", ServedFile.of(Path.of("favicon.ico")));
 *
 * routes.get("/report", request -> {
 *   Path report = reports.write();
 *   return ServedFile.of(report).attachment("Übersicht.pdf").handle(request)
 *       .background("delete report", () -> Files.delete(report));
 * });
 * }</pre>
 *
 * <p>Whatever the answer is (200, 206, 304, 404, 412, 416) it is a response and never an exception,
 * so that a background task hung on it runs in each case. Caches are told to ask again each time,
 * unless told otherwise.
 *
 * <p>The path is taken as it is: never make it of what a client sent, for that there is {@link
 * StaticFiles}. Immutable, every change is a copy; safe for any thread.
 */
public final class ServedFile implements Handler {
  /** Kept by caches, and asked for again whether it still holds. */
  static final String ASK_AGAIN = "no-cache";

  private final Path file;
  private final String contentType;
  private final String cacheControl;
  private final Headers headers;
  private final int maxRanges;

  private ServedFile(
      Path file, String contentType, String cacheControl, Headers headers, int maxRanges) {
    Headers.of("Content-Type", contentType, "Cache-Control", cacheControl); // or refuses now
    this.file = file;
    this.contentType = contentType;
    this.cacheControl = cacheControl;
    this.headers = headers;
    this.maxRanges = maxRanges;
  }

  /**
   * A file of the type that its extension stands for. It is looked at when a request comes.
   *
   * @throws IllegalArgumentException when the path leads into an archive, say, and not to a file
   *     that the kernel knows
   */
  public static ServedFile of(Path file) {
    requireOnDisk(file);
    Path name = file.getFileName();
    return new ServedFile(
        file,
        FileTypes.of(name == null ? "" : name.toString()),
        ASK_AGAIN,
        Headers.empty(),
        ByteRanges.DEFAULT_MAX);
  }

  static void requireOnDisk(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException(
          path
              + " is not on the disk: use StaticFiles.classPath for what is in the application's jar");
    }
  }

  /** A copy of another type, such as {@code text/csv; charset=utf-8}. */
  public ServedFile contentType(String type) {
    return new ServedFile(file, type, cacheControl, headers, maxRanges);
  }

  /** A copy that the client saves under this name, which may hold any character. */
  public ServedFile attachment(String filename) {
    return disposition(ContentDisposition.attachment(filename));
  }

  /** A copy that the client shows, and saves under this name if it is told to. */
  public ServedFile inline(String filename) {
    return disposition(ContentDisposition.inline(filename));
  }

  private ServedFile disposition(String value) {
    return new ServedFile(
        file, contentType, cacheControl, headers.with("Content-Disposition", value), maxRanges);
  }

  /** A copy with another {@code Cache-Control}, such as {@code max-age=3600}. */
  public ServedFile cacheControl(String value) {
    return new ServedFile(file, contentType, value, headers, maxRanges);
  }

  /** A copy of which so many pieces may be asked for at once (default 64); more are a 416. */
  public ServedFile maxRanges(int ranges) {
    return new ServedFile(file, contentType, cacheControl, headers, ByteRanges.requireMax(ranges));
  }

  int maxRanges() {
    return maxRanges;
  }

  /**
   * Answers a request. Blocks while it looks at the file, and leaves reading it to the server.
   *
   * @return 404 when there is no such file, or it is no regular one, or may not be read
   */
  @Override
  public Response handle(Request request) {
    try {
      FileContent content = FileContent.of(file);
      if (content != null) {
        return new Representation(content, contentType, "", headers, cacheControl, false, maxRanges)
            .answer(request);
      }
    } catch (IOException e) {
      // it is not there, or as good as
    }
    return Response.problem(
        Problem.of(404, "nothing is here"), Accept.of(request.headers(), "Accept"));
  }

  @Override
  public String toString() {
    return "ServedFile " + file;
  }
}
