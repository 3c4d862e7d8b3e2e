package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection: one request is handled at a time, and all are answered in order.
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
 * HEAD, BODY and STREAMING is the decoder's tap open; the socket is read as long as nothing that
 * was read is left to decode. CLOSING sends the end of the stream first and reads on for a second,
 * so that a client that is still sending gets to see its answer instead of a reset.
 *
 * <p>Every method runs on the connection's event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements Batch.Sender, RequestDecoder.Tap, Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private enum State {
    HEAD,
    BODY,
    STREAMING,
    HANDLING,
    CLOSING
  }

  private final ServerContext server;
  private final RequestDecoder decoder;
  private final Deadlines deadlines;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Watch watch;
  private final Turns turns;
  private final Outlet outlet = new Outlet();
  private State state = State.HEAD;
  private boolean secure;
  private boolean inputShutdown;
  private boolean unflushed;
  private long receivedAt;

  // Made once, for there is a use of them with every request.
  private final Runnable nextRequest = this::nextRequest;
  private final Runnable goOnSoon = this::goOnSoon;

  private @Nullable Incoming incoming;

  Http1Connection(ServerContext server) {
    this.server = server;
    this.decoder = new RequestDecoder(server.options(), this);
    this.deadlines = new Deadlines(server.options());
    this.turns = new Turns(server.options().http1().maxPipelined());
  }

  /** The handler that goes before this one. */
  RequestDecoder decoder() {
    return decoder;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  private Watch watch() {
    return Objects.requireNonNull(watch, "not active yet");
  }

  private Incoming incoming() {
    return Objects.requireNonNull(incoming, "no request is under way");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    if (ctx.channel().isActive()) {
      begin();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin();
  }

  private void begin() {
    secure = context().pipeline().get(SslHandler.class) != null;
    deadlines.opened(System.nanoTime());
    Watch own = server.watch(eventLoop());
    watch = own;
    own.add(this);
    read();
  }

  /** Leaves the connection to another protocol. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    leaveWatch();
  }

  private void leaveWatch() {
    Watch own = watch;
    if (own != null) {
      own.remove(this);
    }
  }

  @Override
  public EventLoop eventLoop() {
    return context().channel().eventLoop();
  }

  @Override
  public boolean isOpen() {
    return switch (state) {
      case HEAD -> turns.haveRoom() && context().channel().isWritable();
      case BODY -> true;
      case STREAMING -> !incoming().isFull();
      case HANDLING, CLOSING -> false;
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.HEAD && message instanceof HttpRequest request) {
        head(request);
      } else if (turns.isHolding()) {
        endHeld(message);
      } else if ((state == State.BODY || state == State.STREAMING)
          && message instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpRequest message) {
    RequestHead head;
    try {
      head = RequestHead.of(message, server.options());
    } catch (HttpException refusal) {
      incoming = null;
      if (turns.areTaken()) {
        turns.hold(() -> refuse(refusal));
      } else {
        refuse(refusal);
      }
      return;
    }
    head(head);
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

  private void head(RequestHead head) {
    Incoming request = new Incoming(server, head, goOnSoon);
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

  /** The clock is looked at once for all that one read has brought. */
  private long receivedAt() {
    if (receivedAt == 0) {
      receivedAt = System.currentTimeMillis();
    }
    return receivedAt;
  }

  /** Lets its body come, for the head has been looked at. */
  private void begin(Incoming request) {
    state = State.BODY;
    deadlines.bodyBegins(watch().soon());
    HttpException refusal = request.refusal();
    if (refusal != null) {
      refuseInside(refusal);
      return;
    }
    if (request.expectsContinue()) {
      outlet.handOver(context());
      context().writeAndFlush(ResponseEncoding.continueHead(), context().voidPromise());
    }
    if (request.isStreaming()) {
      state = State.STREAMING;
      dispatch(null);
    }
    if (request.isWhole() && (state == State.BODY || state == State.STREAMING)) {
      whole();
    }
  }

  private void content(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      refuseInside(new HttpException(400, "the chunked body is malformed"));
      return;
    }
    content(content.content(), content instanceof LastHttpContent);
  }

  private void content(ByteBuf content, boolean last) {
    deadlines.bodyGoesOn(watch().soon(), content.readableBytes());
    HttpException refusal = incoming().add(content);
    if (refusal != null) {
      refuseInside(refusal);
    } else if (last) {
      incoming().end();
      whole();
    }
  }

  /** Goes on with a request that has come in to its end. */
  private void whole() {
    Incoming request = incoming();
    if (request.mayBeFollowed()) {
      turns.add(request.ready(context().channel(), secure, receivedAt(), null));
      state = State.HEAD;
      return;
    }
    boolean streaming = state == State.STREAMING;
    state = State.HANDLING;
    if (streaming) {
      return; // it is at work already
    }
    Http2Settings settings = secure ? null : Http2Upgrade.wanted(request.head());
    if (settings == null) {
      dispatch(null);
    } else {
      upgrade(request.head(), settings);
    }
  }

  /** Sends a request on its way that no other one may follow until it was answered. */
  private void dispatch(@Nullable HttpException refusal) {
    long at = refusal == null ? receivedAt() : System.currentTimeMillis();
    Incoming request = incoming().ready(context().channel(), secure, at, refusal);
    Single.depart(this, request, server);
  }

  /** Goes over to HTTP/2 as the client wished, with what it has sent since. */
  private void upgrade(RequestHead head, Http2Settings settings) {
    if (decoder.isDecoding()) {
      eventLoop().execute(() -> upgrade(head, settings)); // no handler leaves in mid-work
      return;
    }
    ChannelPipeline pipeline = context().pipeline();
    if (!pipeline.channel().isActive()) {
      return;
    }
    outlet.handOver(context());
    boolean ended = isInputShutdown();
    try {
      Http2Upgrade.perform(context(), server, head, settings);
      pipeline.remove(decoder).remove(this);
      pipeline.fireChannelReadComplete(); // no read's end tells the streams to flush
      if (ended) { // the decoder may have held that back
        pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    } catch (Http2Exception e) {
      exceptionCaught(context(), e);
    }
  }

  /**
   * Refuses a request whose route is known: its filters and error handlers, or its reading handler,
   * get to see it.
   */
  private void refuseInside(HttpException refusal) {
    boolean streaming = state == State.STREAMING;
    state = State.HANDLING;
    incoming().breakOff(refusal);
    if (!streaming) {
      dispatch(refusal);
    }
  }

  /**
   * Refuses what is no request that could be handled: nothing that follows it on this connection is
   * ever executed.
   */
  private void refuse(HttpException refusal) {
    Wire wire = new Http1Wire(context(), outlet, ResponseEncoding.Persistence.CLOSE, false);
    ResponseWriter.write(
        wire, Response.problem(refusal), null, false, server, this::closeAfterAnswer);
  }

  @Override
  public boolean goesOn() {
    return context().channel().isActive() && !server.isDraining();
  }

  @Override
  public void answered(
      Incoming request, Response response, @Nullable Admission admission, boolean followed) {
    if (!context().channel().isActive() || request.isAbandoned()) {
      state = State.CLOSING;
      turns.clear();
      Afterwards.cutOff(admission, response.status(), 0, true);
      context().close(); // half a request is not answered, however it ended
      return;
    }
    if (response.body() instanceof Body.WebSocket webSocket) {
      upgrade(response, webSocket, admission);
      return;
    }
    if (!followed) {
      turns.stopped();
    }
    RequestHead head = request.head();
    boolean close =
        !followed
            && (!head.keepAlive()
                || !request.isWhole()
                || (inputShutdown && !turns.goOn())
                || server.isDraining()
                || response.headers().contains("Connection")
                || (head.http10() && response.body().length() < 0));
    ResponseEncoding.Persistence persistence =
        close
            ? ResponseEncoding.Persistence.CLOSE
            : head.http10()
                ? ResponseEncoding.Persistence.KEEP_ALIVE
                : ResponseEncoding.Persistence.IMPLIED;
    unflushed = true;
    try {
      ResponseWriter.write(
          new Http1Wire(context(), outlet, persistence, head.http10()),
          response,
          admission,
          head.method().equals(Method.HEAD),
          server,
          followed ? () -> {} : close ? this::closeAfterAnswer : nextRequest);
    } catch (RuntimeException e) {
      Afterwards.cutOff(admission, response.status(), 0, false);
      exceptionCaught(context(), e);
    }
  }

  /** Leaves the connection to WebSocket, with what the client has sent since. */
  private void upgrade(Response response, Body.WebSocket webSocket, @Nullable Admission admission) {
    if (decoder.isDecoding()) {
      eventLoop()
          .execute(() -> upgrade(response, webSocket, admission)); // no handler leaves in mid-work
      return;
    }
    ChannelPipeline pipeline = context().pipeline();
    boolean ended = inputShutdown || ((DuplexChannel) pipeline.channel()).isInputShutdown();
    new Http1Wire(context(), outlet, ResponseEncoding.Persistence.IMPLIED, false)
        .headOnly(response, pipeline.voidPromise());
    outlet.handOver(context());
    pipeline.remove(this);
    WebSocketConnection.addTo(pipeline, server, webSocket, admission);
    pipeline.remove(decoder);
    if (ended) {
      pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void delivered() {
    if (!decoder.isDecoding()) {
      flush();
    }
  }

  private void nextRequest() {
    turns.ended();
    if (state == State.HANDLING) {
      incoming = null;
      state = State.HEAD;
    }
    unflushed = true;
    deadlines.idleBegins(watch().soon());
    goOn();
    if (inputShutdown && state == State.HEAD) {
      inputEnded(); // that came when it was settled already that the connection would be kept
    }
  }

  /**
   * Takes up decoding where the tap stopped it, or reads; within a decoding pass that happens by
   * itself.
   */
  private void goOn() {
    if (decoder.isDecoding()) {
      return;
    }
    Runnable held = turns.takeHeld();
    if (held != null) {
      held.run();
    }
    try {
      if (!context().isRemoved()) {
        decoder.resume(decoderContext());
        passEnds();
      }
    } catch (Exception e) {
      exceptionCaught(context(), e);
    }
  }

  /** The same from any thread. */
  private void goOnSoon() {
    eventLoop().execute(this::goOn);
  }

  /** All that was read has been decoded, as far as the tap let it. */
  private void passEnds() {
    receivedAt = 0;
    if (context().channel().isWritable()) {
      Batch next = turns.next(this, server.dispatcher());
      if (next != null) {
        next.depart(server.workers());
      }
    }
    flush();
    boolean reads =
        switch (state) {
          case HEAD -> isOpen() && (!turns.areTaken() || decoder.isDrained());
          case BODY, STREAMING -> isOpen();
          case HANDLING -> decoder.isDrained();
          case CLOSING -> true;
        };
    if (reads) {
      read();
    }
  }

  /** Asks for more bytes, unless the client has ended the stream: epoll would fail then. */
  private void read() {
    if (!isInputShutdown()) {
      context().read();
    }
  }

  private boolean isInputShutdown() {
    return inputShutdown || ((DuplexChannel) context().channel()).isInputShutdown();
  }

  private ChannelHandlerContext decoderContext() {
    return context().pipeline().context(decoder);
  }

  private void flush() {
    if (unflushed) {
      unflushed = false;
      outlet.handOver(context());
      context().flush();
    }
  }

  /** Ends the connection after what was written: a lingering close, RFC 9112 section 9.6. */
  private void closeAfterAnswer() {
    state = State.CLOSING;
    unflushed = false;
    turns.clear();
    deadlines.closingBegins(System.nanoTime());
    decoder.dropInput();
    ChannelHandlerContext ctx = context();
    outlet.handOver(ctx);
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              deadlines.closingBegins(System.nanoTime());
              if (isInputShutdown() || !written.isSuccess()) {
                ctx.close();
              } else {
                HalfClose.endOutput(ctx.channel());
              }
            });
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    passEnds();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (state == State.HEAD && ctx.channel().isWritable()) {
      goOn();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      inputShutdown = true;
      inputEnded();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      ctx.close();
    }
  }

  private void inputEnded() {
    switch (state) {
      case HEAD, BODY, CLOSING -> {
        if (turns.areTaken()) {
          return; // answered first, closed then
        }
        unflushed = false;
        ChannelHandlerContext ctx = context();
        outlet.handOver(ctx);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
      }
      case STREAMING -> incoming().clientLeft();
      case HANDLING -> {} // likewise
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leaveWatch();
    outlet.drop();
    Incoming request = incoming;
    if (request != null) {
      request.clientLeft();
    }
    turns.clear();
    if (state != State.HANDLING && state != State.STREAMING) {
      state = State.CLOSING;
    }
  }

  @Override
  public void check(long nowNanos) {
    if (state == State.STREAMING && incoming().isFull()) {
      deadlines.bodyBegins(nowNanos); // it is the handler that takes its time
    }
    if (server.isDraining()) {
      drain();
    }
    boolean stalled = deadlines.writeStalled(nowNanos, context().channel());
    if (Deadlines.isWriting(context().channel())
        && (state == State.HEAD || state == State.CLOSING)) {
      deadlines.silenceBegins(nowNanos); // the client is busy with the answer
    }
    boolean tooLate =
        switch (state) {
          case HEAD -> !turns.areTaken() && deadlines.headTooLate(nowNanos, decoder.isPartial());
          case BODY, STREAMING -> deadlines.bodyTooLate(nowNanos);
          case HANDLING -> false;
          case CLOSING -> deadlines.closingTooLate(nowNanos);
        };
    if (stalled) {
      context().close();
    } else if (tooLate) {
      endTooLate();
    }
  }

  private void endTooLate() {
    if (state == State.BODY || state == State.STREAMING) {
      refuseInside(new HttpException(408, "the body came too slowly"));
    } else if (state == State.HEAD && decoder.isPartial()) {
      refuse(new HttpException(408, "the request head came too slowly"));
    } else {
      context().close();
    }
  }

  @Override
  public void drain() {
    if (state == State.HEAD && !decoder.isPartial() && !turns.areTaken()) {
      if (Deadlines.isWriting(context().channel())) {
        closeAfterAnswer();
      } else {
        context().close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean expected = cause instanceof IOException || cause instanceof DecoderException;
    LOG.log(
        expected ? Level.DEBUG : Level.WARNING,
        () -> "closing the connection of " + ctx.channel().remoteAddress(),
        cause);
    ctx.close();
  }
}
