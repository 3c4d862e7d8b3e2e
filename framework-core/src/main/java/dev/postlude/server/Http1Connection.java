package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.server.Reception.State;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
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
 * One HTTP/1.1 connection: what comes in goes to its {@link Reception}, and what was answered goes
 * out in order.
 *
 * <p>The socket is read as long as nothing that was read is left to decode. How the connection ends
 * is for {@link LingeringClose}, how it goes over to another protocol for {@link ProtocolSwitch}.
 *
 * <p>Every method runs on the connection's event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements Batch.Sender, Reception.Host, Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private final ServerContext server;
  private final Deadlines deadlines;
  private final Reception reception;
  private final RequestDecoder decoder;
  private final Outlet outlet = new Outlet();
  private final LingeringClose ending;
  private final Runnable nextRequest = this::nextRequest; // made once for all requests
  private @Nullable ChannelHandlerContext context;
  private @Nullable Watch watch;
  private boolean secure;
  private boolean unflushed;

  Http1Connection(ServerContext server) {
    this.server = server;
    this.deadlines = new Deadlines(server.options());
    this.reception = new Reception(this, server, deadlines);
    this.decoder = new RequestDecoder(server.options(), reception);
    this.ending = new LingeringClose(outlet, decoder, reception, deadlines);
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

  @Override
  public Channel channel() {
    return context().channel();
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public long soon() {
    return watch().soon();
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
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      reception.take(message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void sendContinue() {
    outlet.handOver(context());
    context().writeAndFlush(ResponseEncoding.continueHead(), context().voidPromise());
  }

  @Override
  public void dispatch(Incoming request) {
    Single.depart(this, request, server);
  }

  @Override
  public void upgrade(RequestHead head, Http2Settings settings) {
    protocolSwitch().toHttp2(head, settings);
  }

  private ProtocolSwitch protocolSwitch() {
    return new ProtocolSwitch(context(), decoder, outlet, ending, server);
  }

  @Override
  public void refuse(HttpException refusal) {
    Wire wire = new Http1Wire(context(), outlet, Persistence.CLOSE, false);
    ResponseWriter.write(
        wire, Response.problem(refusal), null, null, server, this::closeAfterAnswer);
  }

  @Override
  public boolean goesOn() {
    return context().channel().isActive() && !server.isDraining();
  }

  @Override
  public void answered(
      Incoming request, Response response, @Nullable Admission admission, boolean followed) {
    if (!context().channel().isActive() || request.isAbandoned()) {
      reception.close();
      Afterwards.cutOff(admission, response.status(), 0, true);
      context().close(); // half a request is not answered, however it ended
      return;
    }
    if (response.body() instanceof Body.WebSocket webSocket) {
      protocolSwitch().toWebSocket(response, webSocket, admission);
      return;
    }
    Turns turns = reception.turns();
    if (!followed) {
      turns.stopped();
    }
    boolean last = (ending.hasSeenEnd() && !turns.goOn()) || server.isDraining();
    Persistence persistence = Persistence.after(request, response, followed, last);
    reception.askForBody(request, response);
    unflushed = true;
    try {
      ResponseWriter.write(
          new Http1Wire(context(), outlet, persistence, request.head().http10()),
          response,
          admission,
          request,
          server,
          followed
              ? () -> {}
              : persistence == Persistence.CLOSE ? this::closeAfterAnswer : nextRequest);
    } catch (RuntimeException e) {
      Afterwards.cutOff(admission, response.status(), 0, false);
      exceptionCaught(context(), e);
    }
  }

  @Override
  public void delivered() {
    if (!decoder.isDecoding()) {
      flush();
    }
  }

  private void nextRequest() {
    reception.answered();
    unflushed = true;
    deadlines.idleBegins(watch().soon());
    goOn();
    if (ending.hasSeenEnd() && reception.state() == State.HEAD) {
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
    Runnable held = reception.turns().takeHeld();
    if (held != null) {
      held.run();
    }
    reception.askForBody();
    try {
      if (!context().isRemoved()) {
        decoder.resume(decoderContext());
        passEnds();
      }
    } catch (Exception e) {
      exceptionCaught(context(), e);
    }
  }

  @Override
  public void goOnSoon() {
    eventLoop().execute(this::goOn);
  }

  /** All that was read has been decoded, as far as the tap let it. */
  private void passEnds() {
    reception.passEnds();
    Turns turns = reception.turns();
    if (context().channel().isWritable()) {
      Batch next = turns.next(this, server);
      if (next != null) {
        next.depart();
      }
    }
    flush();
    boolean reads =
        switch (reception.state()) {
          case HEAD -> reception.isOpen() && (!turns.areTaken() || decoder.isDrained());
          case BODY, STREAMING -> reception.isOpen();
          case HANDLING -> decoder.isDrained();
          case CLOSING -> decoder.dropsOn();
        };
    if (reads) {
      read();
    }
  }

  /** Asks for more bytes, unless the client has ended the stream: epoll would fail then. */
  private void read() {
    if (!ending.isInputShutdown(channel())) {
      context().read();
    }
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

  private void closeAfterAnswer() {
    unflushed = false;
    ending.linger(context());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    passEnds();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (reception.state() == State.HEAD && ctx.channel().isWritable()) {
      goOn();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      ending.seeEnd();
      inputEnded();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      ctx.close();
    }
  }

  private void inputEnded() {
    switch (reception.state()) {
      case HEAD, BODY, CLOSING -> {
        if (reception.turns().areTaken()) {
          return; // answered first, closed then
        }
        unflushed = false;
        ending.hangUp(context());
      }
      case STREAMING -> reception.clientLeft();
      case HANDLING -> {} // likewise
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leaveWatch();
    outlet.drop();
    reception.clientLeft();
    if (reception.state() == State.HANDLING || reception.state() == State.STREAMING) {
      reception.turns().clear(); // the answer is still to come, and finds nobody
    } else {
      reception.close();
    }
  }

  @Override
  public void check(long nowNanos) {
    reception.look(nowNanos);
    if (watch().endsIdle()) {
      drain();
    }
    Channel channel = context().channel();
    boolean stalled = deadlines.writeStalled(nowNanos, channel);
    boolean silent = reception.state() == State.HEAD || reception.state() == State.CLOSING;
    if (reception.state() == State.HEAD) {
      decoder.forget();
    }
    if (silent && Deadlines.isWriting(channel)) {
      deadlines.silenceBegins(nowNanos); // the client is busy with the answer
    }
    boolean tooLate = reception.isTooLate(nowNanos, decoder.isPartial());
    if (stalled || (tooLate && !reception.refuseLate(decoder.isPartial()))) {
      channel.close();
    }
  }

  @Override
  public void drain() {
    boolean idle = !decoder.isPartial() && !reception.turns().areTaken();
    if (reception.state() == State.HEAD && idle) {
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
