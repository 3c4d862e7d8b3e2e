package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.WebSocketHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that has become a WebSocket: RFC 6455.
 *
 * <pre>
 *          client closes                  listener is idle, or it takes too long
 *   OPEN ------------------> ANSWERING --------------------------------> ENDED --> closed
 *    |  |  close(), server stops, listener threw      client answers       ^
 *    |  '------------------------------> CLOSING --------------------------'
 *    |                                      '-- no answer in time --> closed
 *    '-- client broke the protocol, or a limit --> FAILING -- it hangs up, or 1 s --> closed
 * </pre>
 *
 * <p>Messages are taken in OPEN only, and only while the listener is idle. Every method runs on the
 * connection's event loop.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter
    implements FrameDecoder.Tap, WebSocketCalls.Progress, Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private enum State {
    OPEN,
    ANSWERING,
    CLOSING,
    FAILING,
    ENDED
  }

  private final Channel channel;
  private final ServerContext server;
  private final int maxMessage;
  private final SocketClock clock;
  private final ServerWebSocket socket;
  private final WebSocketCalls calls;
  private final Inbox inbox;
  private final Farewell farewell;
  private final Intake intake;
  private State state = State.OPEN;

  private WebSocketConnection(
      Channel channel, ServerContext server, Body.WebSocket body, @Nullable Admission admission) {
    WebSocketHandshake handshake = body.handshake();
    EventLoop loop = channel.eventLoop();
    FrameQueue frames = new FrameQueue(channel);
    this.channel = channel;
    this.server = server;
    this.maxMessage = handshake.options().maxMessage();
    this.clock = new SocketClock(server.options(), handshake.options(), System.nanoTime());
    this.socket = new ServerWebSocket(handshake, frames, loop, this::begin);
    this.calls = new WebSocketCalls(body.listener(), socket, server.workers(), loop, this);
    this.inbox = new Inbox(calls, new Pongs(channel), maxMessage);
    this.farewell = new Farewell(server, channel, frames, calls, admission);
    this.intake = new Intake(channel, new FrameDecoder(maxMessage, this));
  }

  /**
   * Adds the handlers of a WebSocket to the end of a pipeline whose answer to the handshake has
   * been written.
   *
   * @param admission to be released when the socket has closed, or {@code null}
   */
  static void addTo(
      ChannelPipeline pipeline,
      ServerContext server,
      Body.WebSocket body,
      @Nullable Admission admission) {
    WebSocketConnection connection =
        new WebSocketConnection(pipeline.channel(), server, body, admission);
    pipeline.addLast(
        connection.intake.decoder(),
        new Utf8FrameValidator(false),
        new WebSocket13FrameEncoder(false),
        connection);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    server.watch(channel.eventLoop()).add(this);
    channel.flush();
    calls.add((listener, socket) -> listener.open(socket));
    if (server.isDraining()) {
      drain();
    }
    intake.readOn();
  }

  @Override
  public boolean isOpen(boolean control) {
    return control || state != State.OPEN || calls.isIdle();
  }

  @Override
  public void heard(int bytes) {
    clock.heard(System.nanoTime(), bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    try {
      if (received instanceof CloseWebSocketFrame close) {
        clientCloses(close);
      } else if (state == State.OPEN && received instanceof WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
          intake.flushFirst();
        }
        if (!inbox.take(frame)) {
          fail(Violation.tooLarge(maxMessage));
        }
      }
    } finally {
      ReferenceCountUtil.release(received);
    }
  }

  @Override
  public void idle() {
    inbox.idle();
    if (state == State.ANSWERING && calls.isIdle()) { // this may be old news
      answer();
    }
    goOn();
  }

  @Override
  public void threw() {
    farewell.listenerFailed();
    begin(CloseCode.FAILED, "");
  }

  private void goOn() {
    if (intake.isDecoding() || state == State.ENDED) {
      return; // that pass ends in channelReadComplete
    }
    try {
      intake.resume();
    } catch (Exception e) {
      failed(e);
    }
    intake.readOn();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    intake.readOn();
  }

  /** Closes from our side. */
  private void begin(int code, String reason) {
    if (state == State.ANSWERING) {
      answer(); // the client was first
    }
    if (state != State.OPEN) {
      return;
    }
    state = State.CLOSING;
    inbox.clear();
    farewell.say(code, reason);
    goOn(); // to the client's answer, past what it said before
  }

  /** Gives up a client that breaks the protocol or a limit. */
  private void fail(Violation violation) {
    boolean first = state == State.OPEN;
    if (!first && state != State.CLOSING) {
      return;
    }
    state = State.FAILING;
    intake.drop();
    if (first) {
      String reason = violation.reason();
      LOG.log(
          Level.DEBUG, () -> "closing the WebSocket of " + channel.remoteAddress() + ": " + reason);
      ProtocolException cause = new ProtocolException(reason);
      calls.add((listener, socket) -> listener.failed(socket, cause));
      inbox.clear();
      farewell.say(violation.code(), reason);
    }
    farewell.tellListener();
    clock.closingBegins(System.nanoTime());
    farewell.endOutput();
  }

  /** The client closes, or answers our close. */
  private void clientCloses(CloseWebSocketFrame frame) {
    if (state != State.OPEN && state != State.CLOSING) {
      return;
    }
    Violation violation = Violation.of(frame);
    if (violation != null) {
      fail(violation);
      return;
    }
    intake.drop();
    if (state == State.CLOSING) {
      end();
      return;
    }
    state = State.ANSWERING;
    inbox.clear();
    farewell.heard(frame);
    socket.clientLeaves();
    if (calls.isIdle()) {
      answer(); // or else when the listener has said what it is about to say
    }
  }

  private void answer() {
    farewell.answer();
    end();
  }

  /** Both sides have said that they close. */
  private void end() {
    state = State.ENDED;
    farewell.tellListener();
    farewell.hangUp();
  }

  @Override
  public void check(long nowNanos) {
    boolean tooLate =
        switch (state) {
          case OPEN, ANSWERING -> false;
          case CLOSING -> farewell.isWritten() && clock.closeTooLate(nowNanos, farewell);
          case FAILING, ENDED -> farewell.isWritten() && clock.hangUpTooLate(nowNanos);
        };
    if (tooLate || clock.writeStalled(nowNanos, channel)) {
      channel.close();
    } else if (state == State.OPEN) {
      checkInput(nowNanos);
    } else if (state == State.ANSWERING && clock.closeTooLate(nowNanos, farewell)) {
      answer();
    }
  }

  private void checkInput(long now) {
    boolean partial = intake.isPartial() || inbox.isPartial();
    switch (clock.input(now, intake.isHoldingBack(), partial)) {
      case NOTHING -> {}
      case PING -> channel.writeAndFlush(Inbox.ping());
      case GIVE_UP -> channel.close();
      case TOO_SLOW -> fail(Violation.TOO_SLOW);
    }
  }

  @Override
  public void drain() {
    begin(CloseCode.GOING_AWAY, "the server is stopping");
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    boolean end =
        event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
    if (end && state != State.ANSWERING && state != State.ENDED) {
      ctx.close(); // but one that has said goodbye still gets its answer
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    server.watch(ctx.channel().eventLoop()).remove(this);
    state = State.ENDED;
    inbox.clear();
    farewell.tellListener();
    farewell.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      fail(Violation.of(violation, maxMessage));
      return;
    }
    boolean expected = cause instanceof IOException || cause instanceof DecoderException;
    LOG.log(
        expected ? Level.DEBUG : Level.WARNING,
        () -> "closing the WebSocket of " + channel.remoteAddress(),
        cause);
    channel.close();
  }
}
