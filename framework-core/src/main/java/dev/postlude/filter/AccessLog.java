package dev.postlude.filter;

import dev.postlude.background.Exchange;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * One line in the log for each request, once its response has been written or that has turned out
 * to be impossible. The logger is {@code dev.postlude.access}, the level {@code INFO}.
 *
 * <pre>
 * 203.0.113.9 GET /users/7 200 1532B 12ms SENT 9f86d081-42
 * </pre>
 *
 * <p>These are the client's address, method, path, status, bytes of content, the time from the end
 * of the request's head to the last write, what became of the response, and the request's id. The
 * query is left out, since it may hold secrets.
 *
 * <p>Lines are made on a background worker and never delay a response. Whatever the format, no line
 * holds a control character: a client cannot forge lines.
 */
public final class AccessLog implements Filter {
  private static final Logger LOG = System.getLogger("dev.postlude.access");

  private final Format format;

  /** Makes a line of a request that is over. */
  @FunctionalInterface
  public interface Format {
    /** The line. Called on a background worker, once for each request. */
    String line(Request request, Exchange exchange);
  }

  private AccessLog(Format format) {
    this.format = format;
  }

  /** The log as shown above. */
  public static AccessLog create() {
    return new AccessLog(AccessLog::plain);
  }

  /** A copy with lines of another format. */
  public AccessLog format(Format format) {
    return new AccessLog(Objects.requireNonNull(format, "format"));
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    if (LOG.isLoggable(Level.INFO)) {
      request.onFinish(
          exchange -> LOG.log(Level.INFO, () -> harmless(format.line(request, exchange), ' ')));
    }
    return next.handle(request);
  }

  private static String plain(Request request, Exchange exchange) {
    Instant finishedAt = exchange.finishedAt();
    long millis =
        finishedAt == null
            ? 0
            : Math.max(0, Duration.between(exchange.receivedAt(), finishedAt).toMillis());
    return request.remote().getHostString()
        + ' '
        + exchange.method()
        + ' '
        + harmless(exchange.path(), '!')
        + ' '
        + exchange.status()
        + ' '
        + exchange.bytesWritten()
        + "B "
        + millis
        + "ms "
        + exchange.outcome()
        + ' '
        + exchange.requestId();
  }

  /**
   * The text with everything before a character, and all that a terminal or another log might take
   * amiss, as escapes.
   */
  private static String harmless(String text, char first) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < first || isTroublesome(c)) {
        line.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /**
   * Control characters, the separators that some viewers break lines at, and those that turn the
   * direction of writing.
   */
  private static boolean isTroublesome(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
