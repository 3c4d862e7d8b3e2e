package dev.postlude.server;

import dev.postlude.http.DisconnectedException;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Trail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.io.InputStream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A request while it comes in: its head, where it goes, and its body. Used on the event loop. */
final class Incoming {
  private static final byte[] NO_BODY = {};

  private final ServerContext server;
  private final RequestHead head;
  private final Match match;
  private final long limit;
  private final IncomingBody body;
  private boolean whole;
  private boolean abandoned;

  /**
   * A request whose head has come in.
   *
   * @param onRoom called on any thread when a streamed body can take more after it could not
   */
  Incoming(ServerContext server, RequestHead head, Runnable onRoom) {
    this.server = server;
    this.head = head;
    this.match = server.endpoints().find(head.method(), head.path());
    long own = match.endpoint().maxBody();
    this.limit = own < 0 ? server.options().maxBody() : own;
    this.body =
        match.endpoint().streaming()
            ? new BodyPipe(limit, onRoom)
            : new BodyBuffer(limit, head.contentLength());
  }

  RequestHead head() {
    return head;
  }

  /** Whether its handler is to be called before its body is whole. */
  boolean isStreaming() {
    return match.endpoint().streaming();
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
    boolean unmet = !head.http10() && head.headers().contains("Expect") && !saysContinue();
    return unmet ? new HttpException(417, "the one expectation met here is 100-continue") : null;
  }

  /** Whether the client waits for a word before it sends the body. */
  boolean expectsContinue() {
    return !head.http10() && head.contentLength() != 0 && saysContinue();
  }

  private boolean saysContinue() {
    return head.headers().find("Expect").orElse("").equalsIgnoreCase("100-continue");
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
   * Sends it on its way to the handler.
   *
   * @param connection where it came in
   * @param refusal what its filters and error handlers are to see instead of calling the handler,
   *     or {@code null}
   */
  void dispatch(Channel connection, @Nullable HttpException refusal, Dispatcher.Recipient to) {
    Trail trail = new Trail();
    boolean secure = connection.pipeline().get(SslHandler.class) != null;
    InputStream stream = refusal == null && body instanceof BodyPipe pipe ? pipe : null;
    byte[] bytes = refusal == null && body instanceof BodyBuffer buffer ? buffer.bytes() : NO_BODY;
    Request request =
        Request.received(
            head.method(),
            head.target(),
            head.path(),
            head.headers(),
            bytes,
            new Request.Received(
                (InetSocketAddress) connection.remoteAddress(),
                secure,
                System.currentTimeMillis(),
                trail,
                stream),
            match.endpoint().route(),
            match.params());
    server
        .dispatcher()
        .dispatch(
            match.endpoint(), refusal == null ? request : request.refused(refusal), trail, to);
  }
}
