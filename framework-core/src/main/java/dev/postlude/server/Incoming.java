package dev.postlude.server;

import dev.postlude.http.Arrival;
import dev.postlude.http.Body;
import dev.postlude.http.DisconnectedException;
import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.Trail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request while it comes in: its head, where it goes, and its body. Used on the event loop; a
 * worker is handed what {@link #ready} has made of it.
 */
final class Incoming {
  private static final byte[] NO_BODY = {};

  private final RequestHead head;
  private final Match match;
  private final long limit;
  private final IncomingBody body;
  private final Trail trail = new Trail();
  private @Nullable Request request;
  private boolean whole;
  private boolean abandoned;
  private boolean wordIsDue; // once the handler reads the body

  /**
   * A request whose head has come in.
   *
   * @param onRoom called on any thread when a streamed body can take more after it could not
   */
  Incoming(ServerContext server, RequestHead head, Runnable onRoom) {
    this.head = head;
    this.match = server.endpoints().find(head.method(), head.path());
    long own = match.endpoint().maxBody();
    this.limit = own < 0 ? server.options().maxBody() : own;
    this.wordIsDue = match.endpoint().streaming() && expectsContinue();
    this.body =
        match.endpoint().streaming()
            ? new BodyPipe(limit, onRoom, wordIsDue)
            : new BodyBuffer(limit, head.contentLength());
  }

  /** How the log names the answer to a request; {@code null} for bytes that were none. */
  static String answerTo(@Nullable Incoming request) {
    if (request == null) {
      return "an answer";
    }
    Request asked = request.request();
    String route = asked.route().isEmpty() ? "(no route)" : asked.route();
    return "the answer to " + asked.method() + " " + route + " (request " + asked.id() + ")";
  }

  RequestHead head() {
    return head;
  }

  /** Whether its handler is to be called before its body is whole. */
  boolean isStreaming() {
    return match.endpoint().streaming();
  }

  /**
   * Whether the next request may be decoded before this one is answered: it is for a worker, and
   * whatever the answer, the connection is likely to go on as it is.
   */
  boolean mayBeFollowed() {
    return head.keepAlive()
        && !head.http10()
        && !match.endpoint().onEventLoop()
        && !match.endpoint().streaming()
        && !head.has("Upgrade");
  }

  /** Whether it may be decoded while others before it are still to be answered. */
  boolean mayFollow() {
    return mayBeFollowed()
        && head.contentLength() <= 0
        && !head.has("Transfer-Encoding")
        && !head.has("Expect");
  }

  /** Whether its body has come in to the end. */
  boolean isWhole() {
    return whole;
  }

  /** Whether the client has left before it was whole. */
  boolean isAbandoned() {
    return abandoned;
  }

  /** Whether no more of its body should be read for the time being. */
  boolean isFull() {
    return body.isFull();
  }

  /**
   * What stands against it after its head; {@code null} if nothing does. RFC 9110 section 10.1.1
   * for the expectation.
   */
  @Nullable HttpException refusal() {
    if (head.contentLength() > limit) {
      return IncomingBody.tooLarge(limit);
    }
    boolean unmet = !head.http10() && head.has("Expect") && !saysContinue();
    return unmet ? new HttpException(417, "the one expectation met here is 100-continue") : null;
  }

  /** Whether the client waits for a word before it sends the body. */
  boolean expectsContinue() {
    return !head.http10() && head.contentLength() != 0 && saysContinue();
  }

  /**
   * Whether its answer is known from the head: it has no route, and there is no filter or error
   * handler that may want the body. RFC 9110 section 10.1.1 lets who waits for a word be told the
   * final one at once.
   */
  boolean needsNoBody() {
    return match.endpoint().route().isEmpty() && match.endpoint().onEventLoop();
  }

  /**
   * Whether the client is to be told now to send the body, since a handler has begun to read it:
   * once, and only if it waits for that. A handler that never reads it, such as that of a filter
   * which refuses, spares the client the sending.
   */
  boolean asksForBody() {
    boolean asks = wordIsDue && !whole && !body.isFull();
    wordIsDue &= !asks;
    return asks;
  }

  /**
   * The same before the head of the answer is written, behind which no such word may come: a stream
   * may read the body while it is written.
   */
  boolean asksForBody(Response answer) {
    if (wordIsDue && answer.body() instanceof Body.Stream && body instanceof BodyPipe pipe) {
      pipe.ask();
      return asksForBody();
    }
    wordIsDue = false;
    return false;
  }

  private boolean saysContinue() {
    return !head.plain()
        && head.headers().find("Expect").orElse("").equalsIgnoreCase("100-continue");
  }

  /** Takes a piece of the body; returns what stands against it, or {@code null}. */
  @Nullable HttpException add(ByteBuf content) {
    body.add(content);
    return body.isTooLarge() ? IncomingBody.tooLarge(limit) : null;
  }

  void end() {
    whole = true;
    body.end();
  }

  /** Ends a body that is refused before it has come in to the end. */
  void breakOff(HttpException refusal) {
    body.breakOff(refusal);
  }

  /** Ends a body of which no more will come; does nothing when it is whole. */
  void clientLeft() {
    if (!whole) {
      abandoned = true;
      body.breakOff(new DisconnectedException("the client left before its request was whole"));
    }
  }

  /**
   * Makes of it what the handler is called with.
   *
   * @param connection where it came in
   * @param secure whether that was over TLS
   * @param at when it came in, in milliseconds since the epoch
   * @param refusal what its filters and error handlers are to see instead of calling the handler,
   *     or {@code null}
   */
  Incoming ready(Channel connection, boolean secure, long at, @Nullable HttpException refusal) {
    InputStream stream = refusal == null && body instanceof BodyPipe pipe ? pipe : null;
    byte[] bytes = refusal == null && body instanceof BodyBuffer buffer ? buffer.bytes() : NO_BODY;
    Request received =
        Request.received(
            head.method(),
            head.target(),
            head.path(),
            head.headers(),
            bytes,
            new Arrival((InetSocketAddress) connection.remoteAddress(), secure, at, trail, stream),
            match.endpoint().route(),
            match.params());
    request = refusal == null ? received : received.refused(refusal);
    return this;
  }

  /** What the handler is called with, once it is ready. */
  Request request() {
    return Objects.requireNonNull(request, "not ready yet");
  }

  Trail trail() {
    return trail;
  }

  Endpoint endpoint() {
    return match.endpoint();
  }
}
