package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.WebSocketHandshake;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private static final byte[] PING = "postlude".getBytes(StandardCharsets.US_ASCII);

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
  private final long patienceNanos;
  private final FrameDecoder decoder;
  private final Deadlines deadlines;
  private final Heartbeat heartbeat;
  private final ServerWebSocket socket;
  private final WebSocketCalls calls;
  private final Inbox inbox;
  private final Pongs pongs;
  private final Farewell farewell;
  private State state = State.OPEN;
  private boolean unflushed;

  private WebSocketConnection(
      Channel channel, ServerContext server, Body.WebSocket body, @Nullable Admission admission) {
    WebSocketHandshake handshake = body.handshake();
    EventLoop loop = channel.eventLoop();
    FrameQueue frames = new FrameQueue(channel);
    this.channel = channel;
    this.server = server;
    this.maxMessage = handshake.options().maxMessage();
    this.patienceNanos = handshake.options().closeTimeout().toNanos();
    this.decoder = new FrameDecoder(maxMessage, this);
    this.deadlines = new Deadlines(server.options());
    this.heartbeat = new Heartbeat(handshake.options().pingInterval().toNanos(), System.nanoTime());
    this.socket = new ServerWebSocket(handshake, frames, loop, this::begin);
    this.calls = new WebSocketCalls(body.listener(), socket, server.workers(), loop, this);
    this.inbox = new Inbox(calls, maxMessage);
    this.pongs = new Pongs(channel);
    this.farewell = new Farewell(channel, frames, calls, admission);
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
        connection.decoder,
        new Utf8FrameValidator(false),
        new WebSocket13FrameEncoder(false),
        connection);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadlines.opened(System.nanoTime());
    server.watch(channel.eventLoop()).add(this);
    channel.flush();
    calls.add((listener, socket) -> listener.open(socket));
    if (server.isDraining()) {
      drain();
    }
    readOn();
  }

  @Override
  public boolean isOpen(boolean control) {
    return control || state != State.OPEN || calls.isIdle();
  }

  @Override
  public void heard(int bytes) {
    long now = System.nanoTime();
    heartbeat.heard(now);
    deadlines.bodyGoesOn(now, bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    try {
      if (received instanceof CloseWebSocketFrame close) {
        clientCloses(close);
      } else if (state == State.OPEN && received instanceof WebSocketFrame frame) {
        take(frame);
      }
    } finally {
      ReferenceCountUtil.release(received);
    }
  }

  private void take(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      pongs.answer(frame.content());
      unflushed = true;
    } else if (frame instanceof PongWebSocketFrame) {
      byte[] payload = ByteBufUtil.getBytes(frame.content());
      if (!Arrays.equals(payload, PING)) {
        inbox.pong(payload);
      }
    } else if (!inbox.take(frame)) {
      fail(CloseCode.TOO_LARGE, tooLarge());
    }
  }

  private String tooLarge() {
    return "a message is larger than " + maxMessage + " bytes";
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
    if (decoder.isDecoding() || state == State.ENDED) {
      return; // that pass ends in channelReadComplete
    }
    try {
      decoder.resume(channel.pipeline().context(decoder));
    } catch (Exception e) {
      failed(e);
    }
    readOn();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readOn();
  }

  private void readOn() {
    flush();
    if (decoder.wantsInput() && !isInputShutdown()) {
      channel.read();
    }
  }

  private boolean isInputShutdown() {
    return ((DuplexChannel) channel).isInputShutdown();
  }

  private void flush() {
    if (unflushed) {
      unflushed = false;
      channel.flush();
    }
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
    stopListening();
    farewell.say(code, reason);
    goOn(); // to the client's answer, past what it said before
  }

  /** Gives up a client that breaks the protocol or a limit: section 7.1.7. */
  private void fail(int code, String reason) {
    boolean first = state == State.OPEN;
    if (!first && state != State.CLOSING) {
      return;
    }
    state = State.FAILING;
    decoder.dropInput();
    if (first) {
      LOG.log(
          Level.DEBUG, () -> "closing the WebSocket of " + channel.remoteAddress() + ": " + reason);
      ProtocolException cause = new ProtocolException(reason);
      calls.add((listener, socket) -> listener.failed(socket, cause));
      stopListening();
      farewell.say(code, reason);
    }
    farewell.tellListener();
    deadlines.closingBegins(System.nanoTime());
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (isInputShutdown()) {
                channel.close();
              } else {
                HalfClose.endOutput(channel);
              }
            });
  }

  private void stopListening() {
    inbox.clear();
    pongs.stop();
  }

  /** The client closes, or answers our close. */
  private void clientCloses(CloseWebSocketFrame frame) {
    if (state != State.OPEN && state != State.CLOSING) {
      return;
    }
    int code = CloseCode.of(frame);
    String reason;
    try {
      reason = CloseCode.reason(frame);
    } catch (CharacterCodingException e) {
      fail(CloseCode.NOT_UTF8, "the reason for closing is no UTF-8");
      return;
    }
    if (code != CloseCode.NONE && !CloseCode.isSendable(code)) {
      fail(CloseCode.PROTOCOL_ERROR, "no such code for closing: " + code);
      return;
    }
    decoder.dropInput();
    if (state == State.CLOSING) {
      end();
      return;
    }
    state = State.ANSWERING;
    stopListening();
    farewell.heard(code, reason);
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
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
  }

  @Override
  public void check(long nowNanos) {
    boolean tooLate =
        switch (state) {
          case OPEN, ANSWERING -> false;
          case CLOSING -> farewell.isWritten() && farewell.age(nowNanos) > patienceNanos;
          case FAILING, ENDED -> farewell.isWritten() && deadlines.closingTooLate(nowNanos);
        };
    if (tooLate || deadlines.writeStalled(nowNanos, channel)) {
      channel.close();
    } else if (state == State.OPEN) {
      checkInput(nowNanos);
    } else if (state == State.ANSWERING && farewell.age(nowNanos) > patienceNanos) {
      answer();
    }
  }

  private void checkInput(long now) {
    boolean holdingBack = !decoder.wantsInput();
    if (holdingBack) {
      heartbeat.heard(now); // it is the listener that takes its time
    }
    if (holdingBack || !(decoder.isPartial() || inbox.isPartial())) {
      deadlines.bodyBegins(now);
    } else if (deadlines.bodyTooLate(now)) {
      fail(CloseCode.POLICY, "a message came too slowly");
      return;
    }
    switch (heartbeat.next(now)) {
      case NOTHING -> {}
      case PING -> channel.writeAndFlush(new PingWebSocketFrame(Unpooled.wrappedBuffer(PING)));
      case GIVE_UP -> channel.close();
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
    stopListening();
    farewell.tellListener();
    farewell.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      int code = violation.closeStatus().code();
      fail(code, code == CloseCode.TOO_LARGE ? tooLarge() : String.valueOf(cause.getMessage()));
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
