package dev.postlude.filter;

import dev.postlude.http.DisconnectedException;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads request bodies that were sent with {@code Content-Encoding: gzip} (RFC 9110 section 8.4):
 * off unless added, since a few kilobytes can unfold to gigabytes.
 *
 * <p>The limit counts unfolded bytes; more are answered with 413, a body that is no gzip with 400,
 * another encoding with 415.
 */
public final class Decompression implements Filter {
  private static final int PIECE = 8 * 1024;

  private final long maxBytes;

  private Decompression(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A filter that unfolds bodies up to a size.
   *
   * @param maxBytes of the unfolded body, 1 or more and less than 2 GiB
   */
  public static Decompression upTo(long maxBytes) {
    if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "the limit of unfolded bodies is from 1 byte to 2 GiB, not " + maxBytes);
    }
    return new Decompression(maxBytes);
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    String encoding =
        request.header("Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "identity" -> next.handle(request);
      case "gzip", "x-gzip" ->
          next.handle(request.withoutHeader("Content-Encoding").body(unfolded(request)));
      default ->
          throw new HttpException(415, "send the body with Content-Encoding: gzip or without one")
              .header("Accept-Encoding", "gzip");
    };
  }

  private byte[] unfolded(Request request) throws DisconnectedException {
    ByteArrayOutputStream unfolded = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(request.stream())) {
      byte[] piece = new byte[PIECE];
      for (int some = in.read(piece); some >= 0; some = in.read(piece)) {
        unfolded.write(piece, 0, some);
        if (unfolded.size() > maxBytes) {
          throw new HttpException(413, "the body unfolds to more than " + maxBytes + " bytes");
        }
      }
    } catch (DisconnectedException e) {
      throw e;
    } catch (IOException e) {
      throw new HttpException(400, "the body is not well-formed gzip").causedBy(e);
    }
    return unfolded.toByteArray();
  }
}
