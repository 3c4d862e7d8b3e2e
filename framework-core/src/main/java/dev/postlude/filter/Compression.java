package dev.postlude.filter;

import dev.postlude.http.Accept;
import dev.postlude.http.Body;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.ResponseStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compresses responses for clients that take that: RFC 9110 sections 8.4 and 12.5.3.
 *
 * <p>What is compressed: content in memory from 1 KiB and {@link Response#stream streamed} content,
 * of the types that gain by it (text, JSON, XML, JavaScript, SVG and the like). A flush of a stream
 * still sends all that was written so far. What never is: server-sent events, files (keep them
 * compressed beside the plain ones), content that is encoded or digested already or of {@code
 * Cache-Control: no-transform}, and parts (206).
 *
 * <p>A compressed response has a weak {@code ETag}, since its bytes are not those that a strong one
 * stands for (RFC 9110 section 8.8.1), and no {@code Accept-Ranges}. A response to {@code HEAD} has
 * the headers that {@code GET} would have.
 *
 * <p>Works on the handler's thread. Do not compress pages in which a secret stands beside what
 * others may put in there: the length gives it away (the BREACH attack).
 */
public final class Compression implements Filter {
  private static final int DEFAULT_THRESHOLD = 1024;
  private static final int DEFAULT_LEVEL = 6;

  /**
   * Those that do not begin with {@code text/} and do not end with {@code +json} or {@code +xml}.
   */
  private static final Set<String> TYPES =
      Set.of(
          "application/javascript",
          "application/json",
          "application/ndjson",
          "application/rtf",
          "application/wasm",
          "application/x-javascript",
          "application/x-ndjson",
          "application/xml",
          "application/yaml",
          "font/otf",
          "font/ttf",
          "image/bmp");

  private final List<ContentCoding> codings;
  private final int threshold;
  private final int level;

  private Compression(List<ContentCoding> codings, int threshold, int level) {
    this.codings = codings;
    this.threshold = threshold;
    this.level = level;
  }

  /** Compression with gzip, from 1 KiB. */
  public static Compression gzip() {
    return of(new Gzip());
  }

  /**
   * Compression with br, RFC 7932, by the library Brotli4j.
   *
   * @throws IllegalStateException if the library, or its part for this machine, is not there
   */
  public static Compression brotli() {
    if (!Brotli.isPresent()) {
      throw new IllegalStateException(
          "br needs com.aayushatharva.brotli4j:brotli4j and its native part for this machine:"
              + " add them to the class path");
    }
    return of(new Brotli());
  }

  /**
   * Compression with zstd, RFC 8878, by the library zstd-jni.
   *
   * @throws IllegalStateException if the library is not there
   */
  public static Compression zstd() {
    if (!Zstd.isPresent()) {
      throw new IllegalStateException(
          "zstd needs com.github.luben:zstd-jni: add it to the class path");
    }
    return of(new Zstd());
  }

  /** Compression with zstd and br, each where its library is on the class path, and gzip. */
  public static Compression best() {
    List<ContentCoding> present = new ArrayList<>();
    if (Zstd.isPresent()) {
      present.add(new Zstd());
    }
    if (Brotli.isPresent()) {
      present.add(new Brotli());
    }
    present.add(new Gzip());
    return of(present.toArray(ContentCoding[]::new));
  }

  /**
   * Compression with what the client likes best of these; what comes first, if it likes several
   * equally well.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Compression of(ContentCoding... codings) {
    if (codings.length == 0) {
      throw new IllegalArgumentException("compression needs a coding: say Compression.gzip()");
    }
    return new Compression(List.of(codings), DEFAULT_THRESHOLD, DEFAULT_LEVEL);
  }

  /**
   * A copy that leaves content in memory alone when it is smaller.
   *
   * @param bytes 0 or more
   */
  public Compression threshold(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a threshold is 0 bytes or more, not " + bytes);
    }
    return new Compression(codings, bytes, level);
  }

  /**
   * A copy that tries harder or less hard.
   *
   * @param level 1, the fastest, to 9, the smallest; 6 unless said otherwise
   */
  public Compression level(int level) {
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException(
          "a level is 1, the fastest, to 9, the smallest, not " + level);
    }
    return new Compression(codings, threshold, level);
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    return next.handle(request).map(response -> answer(request, response));
  }

  private Response answer(Request request, Response response) {
    if (response.status() == 304) {
      return notModified(request, response);
    }
    if (!gains(response)) {
      return response;
    }
    Response varying = Vary.on("Accept-Encoding", response);
    ContentCoding coding = chosen(request);
    return coding == null ? varying : compressed(varying, coding);
  }

  private boolean gains(Response response) {
    Body body = response.body();
    boolean fit =
        body instanceof Body.Bytes
            ? body.length() >= Math.max(1, threshold)
            : body instanceof Body.Stream stream && stream.heartbeat().isZero();
    Headers headers = response.headers();
    return fit
        && response.status() != 204
        && response.status() != 206
        && isCompressible(headers.find("Content-Type").orElse(""))
        && !headers.contains("Content-Encoding")
        && !headers.contains("Content-Digest")
        && !headers.contains("Repr-Digest")
        && !headers.lists("Cache-Control", "no-transform");
  }

  private static boolean isCompressible(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return (type.startsWith("text/") && !type.equals("text/event-stream"))
        || type.endsWith("+json")
        || type.endsWith("+xml")
        || TYPES.contains(type);
  }

  /**
   * A client that says nothing may take any coding, but those that say nothing are those that
   * cannot.
   */
  private @Nullable ContentCoding chosen(Request request) {
    if (!request.headers().contains("Accept-Encoding")) {
      return null;
    }
    Accept accept = Accept.of(request.headers(), "Accept-Encoding");
    ContentCoding best = null;
    double liked = 0;
    for (ContentCoding coding : codings) {
      double quality = accept.quality(coding.token());
      if (quality > liked) {
        best = coding;
        liked = quality;
      }
    }
    return liked >= accept.quality("identity") ? best : null;
  }

  private Response compressed(Response response, ContentCoding coding) {
    Body body = response.body();
    if (body instanceof Body.Stream stream) {
      Body.Writer writer = out -> encode(stream.writer(), out, coding);
      return encoded(
          response,
          coding,
          new Body.Stream(writer, stream.heartbeat(), stream.beat(), stream.endless()));
    }
    byte[] plain = ((Body.Bytes) body).array();
    byte[] small = small(plain, coding);
    return small.length < plain.length
        ? encoded(response, coding, new Body.Bytes(small))
        : response;
  }

  private byte[] small(byte[] plain, ContentCoding coding) {
    ByteArrayOutputStream small = new ByteArrayOutputStream(Math.max(64, plain.length / 3));
    try {
      encode(out -> out.write(plain), ResponseStream.to(small), coding);
    } catch (Exception e) {
      throw new IllegalStateException(coding.token() + " failed on content that is in memory", e);
    }
    return small.toByteArray();
  }

  private void encode(Body.Writer writer, ResponseStream out, ContentCoding coding)
      throws Exception {
    Encoded encoded = new Encoded(out, coding, level);
    boolean whole = false;
    try {
      writer.write(out.behind(encoded));
      whole = true;
    } finally {
      if (!whole) {
        encoded.abandon();
      }
    }
    encoded.finish();
  }

  private static Response encoded(Response response, ContentCoding coding, Body body) {
    String tag = response.headers().find("ETag").orElse("");
    Response encoded =
        response
            .header("Content-Encoding", coding.token())
            .withoutHeader("Accept-Ranges")
            .body(body);
    return isStrong(tag) ? encoded.header("ETag", "W/" + tag) : encoded;
  }

  /**
   * Confirms the tag that the client has, which is weak if we had made it so: otherwise its cache
   * could not tell which of its responses is meant (RFC 9111 section 4.3.4).
   */
  private static Response notModified(Request request, Response response) {
    String tag = response.headers().find("ETag").orElse("");
    Response varying = Vary.on("Accept-Encoding", response);
    return isStrong(tag) && request.headers().lists("If-None-Match", "W/" + tag)
        ? varying.header("ETag", "W/" + tag)
        : varying;
  }

  private static boolean isStrong(String tag) {
    return tag.startsWith("\"");
  }
}
