package dev.postlude.server;

import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one HTTP/1.1 connection as they come in, one at a time.
 *
 * <pre>
 *            head              last content            answer written
 *   HEAD ----------> BODY ---------------> HANDLING ------------------> HEAD  (keep-alive)
 *    |     |          |  too large            ^ |                  '--> CLOSING
 *    |     |          '-------refused---------' |
 *    |     '-> STREAMING -- last content -------'
 *    '-- malformed, too late, drained -----------------------------------> CLOSING --> closed
 * </pre>
 *
 * <p>STREAMING is BODY with the handler at work already. A request that may be followed goes from
 * BODY back to HEAD at once: it waits in {@link Turns} while the next ones are decoded. Only in
 * HEAD, BODY and STREAMING is the decoder's tap open.
 *
 * <p>Used on the connection's event loop.
 */
final class Reception implements RequestDecoder.Tap {
  private final Host host;
  private final ServerContext server;
  private final Deadlines deadlines;
  private final Turns turns;
  private final Runnable onRoom;
  private State state = State.HEAD;
  private @Nullable Incoming incoming;
  private long receivedAt;

  /** How far the connection is. */
  enum State {
    HEAD,
    BODY,
    STREAMING,
    HANDLING,
    CLOSING
  }

  /** The connection that requests come in on. */
  interface Host {
    Channel channel();

    boolean isSecure();

    /** The clock for deadlines, in nanoseconds. */
    long soon();

    /** Has a request handled that no other one may follow until it was answered. */
    void dispatch(Incoming request);

    /** Tells the client to send the body. */
    void sendContinue();

    /** Answers what is no request that could be handled, and closes the connection. */
    void refuse(HttpException refusal);

    /** Goes over to HTTP/2 with this request as its first. */
    void upgrade(RequestHead head, Http2Settings settings);

    /** Takes up decoding where the tap stopped it. Called by any thread. */
    void goOnSoon();
  }

  Reception(Host host, ServerContext server, Deadlines deadlines) {
    this.host = host;
    this.server = server;
    this.deadlines = deadlines;
    this.turns = new Turns(server.options().http1().maxPipelined());
    this.onRoom = host::goOnSoon;
  }

  State state() {
    return state;
  }

  Turns turns() {
    return turns;
  }

  private Incoming incoming() {
    return Objects.requireNonNull(incoming, "no request is under way");
  }

  @Override
  public boolean isOpen() {
    return switch (state) {
      case HEAD -> turns.haveRoom() && host.channel().isWritable();
      case BODY -> true;
      case STREAMING -> !incoming().isFull();
      case HANDLING, CLOSING -> false;
    };
  }

  /** A body behind others would have to be kept until their turns are over. */
  @Override
  public boolean takesBodies() {
    return !turns.areTaken();
  }

  @Override
  public void take(RequestHead head, ByteBuf body) {
    head(head);
    if (turns.isHolding()) {
      incoming().end(); // what may come behind others has no body
    } else if (state == State.BODY || state == State.STREAMING) {
      content(body, true);
    }
  }

  /** Takes what Netty's parser has made of a head, or of a piece of a body. */
  void take(Object message) {
    if (state == State.HEAD && message instanceof HttpRequest request) {
      head(request);
    } else if (turns.isHolding()) {
      endHeld(message);
    } else if ((state == State.BODY || state == State.STREAMING)
        && message instanceof HttpContent content) {
      content(content);
    }
  }

  private void head(HttpRequest message) {
    RequestHead head;
    try {
      head = RequestHead.of(message, server.options());
    } catch (HttpException refusal) {
      incoming = null;
      if (turns.areTaken()) {
        turns.hold(() -> host.refuse(refusal));
      } else {
        host.refuse(refusal);
      }
      return;
    }
    head(head);
  }

  private void head(RequestHead head) {
    Incoming request = new Incoming(server, head, onRoom);
    incoming = request;
    if (turns.areTaken() && !request.mayFollow()) {
      turns.hold(() -> begin(request));
    } else {
      begin(request);
    }
  }

  /** What is held has no body: its end comes with its head. The end of any other stays bytes. */
  private void endHeld(Object message) {
    if (message instanceof LastHttpContent && incoming != null) {
      incoming.end();
    }
  }

  /** Lets its body come, for the head has been looked at. */
  private void begin(Incoming request) {
    state = State.BODY;
    deadlines.bodyBegins(host.soon());
    HttpException refusal = request.refusal();
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    if (request.expectsContinue()) {
      if (request.needsNoBody()) {
        state = State.HANDLING; // and closed then: the body may come all the same
        host.dispatch(ready(null));
        return;
      }
      if (!request.isStreaming()) {
        host.sendContinue();
      }
    }
    if (request.isStreaming()) {
      state = State.STREAMING;
      host.dispatch(ready(null));
    }
    if (request.isWhole() && (state == State.BODY || state == State.STREAMING)) {
      whole();
    }
  }

  /** Asks a client for a body that it holds back, if the handler has begun to read it. */
  void askForBody() {
    if (state == State.STREAMING && incoming().asksForBody()) {
      sendContinue();
    }
  }

  /** The same before the head of the answer. */
  void askForBody(Incoming request, Response answer) {
    if (request.asksForBody(answer)) {
      sendContinue();
      host.goOnSoon();
    }
  }

  private void sendContinue() {
    deadlines.bodyBegins(host.soon());
    host.sendContinue();
  }

  private void content(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      refuse(new HttpException(400, "the chunked body is malformed"));
      return;
    }
    content(content.content(), content instanceof LastHttpContent);
  }

  private void content(ByteBuf content, boolean last) {
    deadlines.bodyGoesOn(host.soon(), content.readableBytes());
    HttpException refusal = incoming().add(content);
    if (refusal != null) {
      refuse(refusal);
    } else if (last) {
      incoming().end();
      whole();
    }
  }

  /** Goes on with a request that has come in to its end. */
  private void whole() {
    Incoming request = incoming();
    if (request.mayBeFollowed()) {
      turns.add(ready(null));
      state = State.HEAD;
      return;
    }
    boolean streaming = state == State.STREAMING;
    state = State.HANDLING;
    if (streaming) {
      return; // it is at work already
    }
    boolean granted = !host.isSecure() && server.options().http2().upgrade();
    Http2Settings settings = granted ? Http2Upgrade.wanted(request.head()) : null;
    if (settings == null) {
      host.dispatch(ready(null));
    } else {
      host.upgrade(request.head(), settings);
    }
  }

  /**
   * Refuses a request whose route is known: its filters and error handlers, or its reading handler,
   * get to see it.
   */
  private void refuse(HttpException refusal) {
    boolean streaming = state == State.STREAMING;
    state = State.HANDLING;
    incoming().breakOff(refusal);
    if (!streaming) {
      host.dispatch(ready(refusal));
    }
  }

  private Incoming ready(@Nullable HttpException refusal) {
    if (receivedAt == 0 || refusal != null) { // at once for all that one read has brought
      receivedAt = System.currentTimeMillis();
    }
    return incoming().ready(host.channel(), host.isSecure(), receivedAt, refusal);
  }

  /** Notes that all is decoded that was read, as far as the tap let it. */
  void passEnds() {
    receivedAt = 0;
  }

  /** Notes that the request has been answered, and the next one may come. */
  void answered() {
    turns.ended();
    if (state == State.HANDLING) {
      incoming = null;
      state = State.HEAD;
    }
  }

  /** Notes that no more requests are taken. */
  void close() {
    state = State.CLOSING;
    turns.clear();
  }

  /** Notes that no more bytes will come: whoever reads a body is told. */
  void clientLeft() {
    Incoming request = incoming;
    if (request != null) {
      request.clientLeft();
    }
  }

  /** Begins to count anew where it is the handler that takes its time. */
  void look(long nowNanos) {
    if (state == State.STREAMING && incoming().isFull()) {
      deadlines.bodyBegins(nowNanos);
    }
  }

  /**
   * Whether what is awaited comes too late.
   *
   * @param partial whether a head has begun
   */
  boolean isTooLate(long nowNanos, boolean partial) {
    return switch (state) {
      case HEAD -> !turns.areTaken() && deadlines.headTooLate(nowNanos, partial);
      case BODY, STREAMING -> deadlines.bodyTooLate(nowNanos);
      case HANDLING -> false;
      case CLOSING -> deadlines.closingTooLate(nowNanos);
    };
  }

  /** Refuses what came too late; {@code false} if there is nothing to be refused. */
  boolean refuseLate(boolean partial) {
    if (state == State.BODY || state == State.STREAMING) {
      refuse(new HttpException(408, "the body came too slowly"));
      return true;
    }
    if (state == State.HEAD && partial) {
      host.refuse(new HttpException(408, "the request head came too slowly"));
      return true;
    }
    return false;
  }
}
