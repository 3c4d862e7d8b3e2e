package dev.postlude.files;

import dev.postlude.http.Accept;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files as the answer to requests, by the last parameter of the route:
 *
 * <pre>{@code
 * routes.get("/static/{path...}", StaticFiles.directory(Path.of("www")));
 * routes.get("/{path...}", StaticFiles.classPath("/app").fallback("index.html").precompressed());
 * }</pre>
 *
 * <p>A folder answers with its {@code index.html}, under a path with a slash at its end; without
 * one it redirects there. There are no listings. Files whose names begin with a dot, and paths that
 * lead or might lead elsewhere ({@code ..}, backslashes, drive letters, symbolic links out of the
 * folder), are answered 404 like those that are not there. Caches are told to ask again each time,
 * unless told otherwise.
 *
 * <p>Immutable, every change is a copy; safe for any thread. Blocks while it looks for the file.
 */
public final class StaticFiles implements Handler {
  private static final String INDEX = "index.html";

  private final Shelf shelf;
  private final UnaryOperator<String> cacheControl;
  private final @Nullable String fallback;
  private final boolean precompressed;
  private final int maxRanges;

  /** A coding that files may lie there in, and how their names end then. */
  private record Coding(String name, String suffix) {}

  /** In the order of preference among those that a client likes equally well. */
  private static final List<Coding> CODINGS =
      List.of(new Coding("br", ".br"), new Coding("gzip", ".gz"));

  private StaticFiles(
      Shelf shelf,
      UnaryOperator<String> cacheControl,
      @Nullable String fallback,
      boolean precompressed,
      int maxRanges) {
    this.shelf = shelf;
    this.cacheControl = cacheControl;
    this.fallback = fallback;
    this.precompressed = precompressed;
    this.maxRanges = maxRanges;
  }

  private static StaticFiles of(Shelf shelf) {
    return new StaticFiles(
        shelf, name -> ServedFile.ASK_AGAIN, null, false, ByteRanges.DEFAULT_MAX);
  }

  /**
   * The files of a directory, as they are when they are asked for.
   *
   * @throws IllegalArgumentException when there is no such directory
   */
  public static StaticFiles directory(Path root) {
    ServedFile.requireOnDisk(root);
    Path absolute = root.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      throw new IllegalArgumentException("there is no directory " + absolute);
    }
    return of(new Folder(absolute));
  }

  /**
   * The files of a folder of the class path, such as {@code /www} for what stands under {@code
   * src/main/resources/www}; found by the thread's context class loader.
   *
   * <p>Where that cannot be told, a folder that is not there is taken all the same: in jars inside
   * jars, in run-time images and native executables, and with class loaders that are not the JDK's.
   *
   * @throws IllegalArgumentException when there is no such folder, or it is the root, which would
   *     give away all classes
   */
  public static StaticFiles classPath(String folder) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return classPath(folder, loader == null ? ClassLoader.getSystemClassLoader() : loader);
  }

  /** The files of a folder, as a class loader finds them; throws as {@link #classPath(String)}. */
  public static StaticFiles classPath(String folder, ClassLoader loader) {
    Objects.requireNonNull(loader, "loader");
    String name = folder.replaceAll("^/+|/+$", "");
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "name a folder of the class path, such as /www: its root holds all classes");
    }
    if (ClassPathPlaces.lack(loader, name + "/")) {
      throw new IllegalArgumentException(
          "there is no folder /"
              + name
              + " on the class path: in a build like Maven's it stands at src/main/resources/"
              + name);
    }
    return of(new ClassPathFolder(loader, name));
  }

  /** A copy with another {@code Cache-Control}, such as {@code max-age=3600}. */
  public StaticFiles cacheControl(String value) {
    Headers.of("Cache-Control", value);
    return cacheControl(name -> value);
  }

  /**
   * A copy with a {@code Cache-Control} of each file's own, as the names of files that never change
   * tell: {@code cacheControl(name -> name.startsWith("assets/") ? "max-age=31536000, immutable" :
   * "no-cache")}.
   *
   * @param byName is given a name such as {@code css/app.css}; called by any thread
   */
  public StaticFiles cacheControl(UnaryOperator<String> byName) {
    return new StaticFiles(
        shelf, Objects.requireNonNull(byName, "byName"), fallback, precompressed, maxRanges);
  }

  /**
   * A copy that answers with this file where there is none, for pages that find their way by
   * themselves. Not where a name with an extension is asked for by anything but a page's visitor
   * (an image, a script): that is a mistake, and stays a 404.
   *
   * @param name relative to the folder, such as {@code index.html}
   */
  public StaticFiles fallback(String name) {
    if (SafeName.of(name).filter(safe -> !safe.isEmpty()).isEmpty()) {
      throw new IllegalArgumentException(
          "a fallback is a file of the folder, such as index.html, and not '" + name + "'");
    }
    return new StaticFiles(shelf, cacheControl, name, precompressed, maxRanges);
  }

  /**
   * A copy that sends {@code app.js.br} or {@code app.js.gz} for {@code app.js} to clients that
   * take such, where it lies beside it.
   */
  public StaticFiles precompressed() {
    return new StaticFiles(shelf, cacheControl, fallback, true, maxRanges);
  }

  /** A copy of whose files so many pieces may be asked for at once (default 64); more are a 416. */
  public StaticFiles maxRanges(int ranges) {
    return new StaticFiles(
        shelf, cacheControl, fallback, precompressed, ByteRanges.requireMax(ranges));
  }

  /**
   * Answers a request.
   *
   * @throws HttpException 404 when there is no such file
   * @throws IllegalStateException when the route has no parameter
   */
  @Override
  public Response handle(Request request) throws IOException {
    Optional<String> name = SafeName.of(rest(request));
    // Two slashes at the beginning of a path would make another host of a redirect.
    if (name.isPresent() && !request.path().startsWith("//")) {
      Response found = found(request, name.get());
      if (found != null) {
        return found;
      }
    }
    throw new HttpException(404, "nothing is here");
  }

  private static String rest(Request request) {
    return request.params().names().stream()
        .reduce((before, last) -> last)
        .map(request::param)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "static files are found by a parameter: end the route with {path...}, unlike "
                        + request.route()));
  }

  private @Nullable Response found(Request request, String name) throws IOException {
    String index = name.isEmpty() ? INDEX : name + "/" + INDEX;
    boolean asFolder = request.path().endsWith("/");
    FileContent content = asFolder || name.isEmpty() ? null : shelf.find(name);
    if (content != null) {
      return answer(request, name, content);
    }
    content = shelf.find(index);
    if (content != null) {
      return asFolder ? answer(request, index, content) : toFolder(request);
    }
    if (fallback != null && isForVisitor(request, name)) {
      content = shelf.find(fallback);
      return content == null ? null : answer(request, fallback, content);
    }
    return null;
  }

  private static Response toFolder(Request request) {
    String query = request.rawQuery();
    return Response.redirect(308, request.path() + (query.isEmpty() ? "/" : "/?" + query));
  }

  private static boolean isForVisitor(Request request, String name) {
    boolean hasExtension = name.indexOf('.', name.lastIndexOf('/') + 1) >= 0;
    return !hasExtension
        || request.headers().all("Accept").stream()
            .anyMatch(accept -> accept.contains("text/html"));
  }

  private Response answer(Request request, String name, FileContent plain) throws IOException {
    FileContent content = plain;
    String used = "";
    if (precompressed && request.headers().contains("Accept-Encoding")) {
      Accept accept = Accept.of(request.headers(), "Accept-Encoding");
      double best = Math.max(accept.quality("identity"), Double.MIN_VALUE);
      for (Coding coding : CODINGS) {
        double quality = accept.quality(coding.name());
        boolean better = used.isEmpty() ? quality >= best : quality > best;
        FileContent variant = better ? shelf.find(name + coding.suffix()) : null;
        if (variant != null) {
          content = variant;
          used = coding.name();
          best = quality;
        }
      }
    }
    return new Representation(
            content,
            FileTypes.of(name),
            used,
            Headers.empty(),
            cacheControl.apply(name),
            precompressed,
            maxRanges)
        .answer(request);
  }
}
