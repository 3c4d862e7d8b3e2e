package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection that has become a WebSocket: RFC 6455.
 *
 * <pre>
 *          client closes                  listener is idle, or 5 s
 *   OPEN ------------------> ANSWERING --------------------------------> ENDED --> closed
 *    |  |  close(), server stops, listener threw      client answers       ^
 *    |  '------------------------------> CLOSING --------------------------'
 *    |                                      '-- no answer for 5 s --> closed
 *    '-- client broke the protocol, or a limit --> FAILING -- it hangs up, or 1 s --> closed
 * </pre>
 *
 * <p>Messages are taken in OPEN only, and only while the listener is idle. Every method runs on the connection's event loop.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter
    implements FrameDecoder.Tap, WebSocketCalls.Progress, Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");
  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final byte[] PING = "postlude".getBytes(StandardCharsets.US_ASCII);

  private enum State {
    OPEN,
    ANSWERING,
    CLOSING,
    FAILING,
    ENDED
  }

  private final ServerContext server;
  private final Body.WebSocket body;
  private final WebSocketOptions options;
  private final @Nullable Admission admission;
  private final FrameDecoder decoder;
  private final Deadlines deadlines;
  private final Pongs pongs = new Pongs();
  private @Nullable ChannelHandlerContext context;
  private @Nullable ServerWebSocket socket;
  private @Nullable WebSocketCalls calls;
  private State state = State.OPEN;
  private boolean unflushed;

  private @Nullable BodyBuffer message;
  private boolean messageIsText;
  private byte @Nullable [] pong;

  private long heard = System.nanoTime();
  private boolean pinged;
  private long pingedAt;

  private int endCode = CloseCode.LOST;
  private String endReason = "";
  private boolean told;
  private boolean listenerFailed;
  private boolean closeWritten;
  private long closingSince;

  private WebSocketConnection(
      ServerContext server, Body.WebSocket body, @Nullable Admission admission) {
    this.server = server;
    this.body = body;
    this.options = body.handshake().options();
    this.admission = admission;
    this.decoder = new FrameDecoder(options.maxMessage(), this);
    this.deadlines = new Deadlines(server.options());
  }

  /**
   * Adds the handlers of a WebSocket to the end of a pipeline whose answer to the handshake has been written.
   *
   * @param admission to be released when the socket has closed, or {@code null}
   */
  static void addTo(
      ChannelPipeline pipeline,
      ServerContext server,
      Body.WebSocket body,
      @Nullable Admission admission) {
    WebSocketConnection connection = new WebSocketConnection(server, body, admission);
    pipeline.addLast(
        connection.decoder,
        new Utf8FrameValidator(false),
        new WebSocket13FrameEncoder(false),
        connection);
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  private ServerWebSocket socket() {
    return Objects.requireNonNull(socket, "not in a pipeline yet");
  }

  private WebSocketCalls calls() {
    return Objects.requireNonNull(calls, "not in a pipeline yet");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ServerWebSocket open = new ServerWebSocket(ctx, body.handshake(), this::begin);
    socket = open;
    calls =
        new WebSocketCalls(
            body.listener(), open, server.workers(), ctx.channel().eventLoop(), this);
    deadlines.opened(System.nanoTime());
    server.watch(ctx.channel().eventLoop()).add(this);
    ctx.flush();
    calls.add((listener, socket) -> listener.open(socket));
    if (server.isDraining()) {
      drain();
    }
    channelReadComplete(ctx);
  }

  @Override
  public boolean isOpen(boolean control) {
    return control || state != State.OPEN || calls().isIdle();
  }

  @Override
  public void heard(int bytes) {
    heard = System.nanoTime();
    pinged = false;
    deadlines.bodyGoesOn(heard, bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    try {
      if (received instanceof CloseWebSocketFrame close) {
        clientCloses(close);
      } else if (state == State.OPEN && received instanceof PingWebSocketFrame ping) {
        pongs.answer(ping.content());
      } else if (state == State.OPEN && received instanceof PongWebSocketFrame answer) {
        pong(ByteBufUtil.getBytes(answer.content()));
      } else if (state == State.OPEN && received instanceof WebSocketFrame frame) {
        data(frame);
      }
    } finally {
      ReferenceCountUtil.release(received);
    }
  }

  private void data(WebSocketFrame frame) {
    BodyBuffer parts = message;
    if (parts == null) {
      messageIsText = frame instanceof TextWebSocketFrame;
      if (frame.isFinalFragment()) {
        deliver(ByteBufUtil.getBytes(frame.content()));
        return;
      }
      parts = new BodyBuffer(options.maxMessage(), -1);
      message = parts;
    }
    parts.add(frame.content());
    if (parts.isTooLarge()) {
      fail(CloseCode.TOO_LARGE, tooLarge());
    } else if (frame.isFinalFragment()) {
      message = null;
      deliver(parts.bytes());
    }
  }

  private String tooLarge() {
    return "a message is larger than " + options.maxMessage() + " bytes";
  }

  private void deliver(byte[] bytes) {
    if (messageIsText) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      calls().add((listener, socket) -> listener.text(socket, text));
    } else {
      calls().add((listener, socket) -> listener.binary(socket, bytes));
    }
  }

  private void pong(byte[] payload) {
    if (Arrays.equals(payload, PING)) {
      return;
    }
    if (calls().isIdle()) {
      calls().add((listener, socket) -> listener.pong(socket, payload));
    } else {
      pong = payload;
    }
  }

  /** The answers to the client's pings, of which so many may be on their way; beyond that the latest is answered (section 5.5.3). */
  private final class Pongs {
    private static final int MAX = 32;

    private int onTheWay;
    private byte @Nullable [] owed;

    void answer(ByteBuf ping) {
      if (onTheWay < MAX) {
        write(ByteBufUtil.getBytes(ping));
      } else {
        owed = ByteBufUtil.getBytes(ping);
      }
    }

    private void write(byte[] payload) {
      onTheWay++;
      unflushed = true;
      context()
          .write(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)))
          .addListener(written -> written());
    }

    private void written() {
      onTheWay--;
      byte[] latest = owed;
      if (latest != null && state == State.OPEN) {
        owed = null;
        write(latest);
        flush();
      }
    }
  }

  @Override
  public void idle() {
    byte[] latest = pong;
    if (latest != null && state == State.OPEN) {
      pong = null;
      pong(latest);
    }
    if (state == State.ANSWERING && calls().isIdle()) { // this may be old news
      answer();
    }
    goOn();
  }

  @Override
  public void threw() {
    listenerFailed = true;
    begin(CloseCode.FAILED, "");
  }

  private void goOn() {
    if (decoder.isDecoding()) {
      return; // that pass ends in channelReadComplete
    }
    try {
      decoder.resume(context().pipeline().context(decoder));
    } catch (Exception e) {
      exceptionCaught(context(), e);
    }
    channelReadComplete(context());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
    if (decoder.wantsInput() && !isInputShutdown()) {
      ctx.read();
    }
  }

  private boolean isInputShutdown() {
    return ((DuplexChannel) context().channel()).isInputShutdown();
  }

  private void flush() {
    if (unflushed) {
      unflushed = false;
      context().flush();
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
    say(code, reason);
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
          Level.DEBUG,
          () -> "closing the WebSocket of " + context().channel().remoteAddress() + ": " + reason);
      ProtocolException cause = new ProtocolException(reason);
      calls().add((listener, socket) -> listener.failed(socket, cause));
      say(code, reason);
    }
    tellClosed();
    deadlines.closingBegins(System.nanoTime());
    ChannelHandlerContext ctx = context();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (isInputShutdown()) {
                ctx.close();
              } else {
                HalfClose.endOutput(ctx);
              }
            });
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
    endCode = code;
    endReason = reason;
    closingSince = System.nanoTime();
    socket().clientLeaves();
    if (calls().isIdle()) {
      answer(); // or else when the listener has said what it is about to say
    }
  }

  /** Answers the client's close with its code. */
  private void answer() {
    String reason = endReason;
    say(endCode, "");
    endReason = reason;
    end();
  }

  /** Both sides have said that they close. */
  private void end() {
    state = State.ENDED;
    tellClosed();
    ChannelHandlerContext ctx = context();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
  }

  /** Sends our close frame, once, after what was sent before; the first of both sides' gives the code. */
  private void say(int code, String reason) {
    endCode = code;
    endReason = reason;
    message = null;
    socket().shut();
    socket().passOn();
    closingSince = System.nanoTime();
    context()
        .writeAndFlush(CloseCode.frame(code, reason))
        .addListener(
            (ChannelFuture write) -> {
              closeWritten = write.isSuccess();
              closingSince = System.nanoTime();
            });
  }

  private void tellClosed() {
    if (!told) {
      told = true;
      socket().shut();
      int code = endCode;
      String reason = endReason;
      calls().add((listener, socket) -> listener.closed(socket, code, reason));
    }
  }

  @Override
  public void check(long nowNanos) {
    ChannelHandlerContext ctx = context();
    boolean tooLate =
        switch (state) {
          case OPEN, ANSWERING -> false;
          case CLOSING -> closeWritten && nowNanos - closingSince > PATIENCE_NANOS;
          case FAILING, ENDED -> closeWritten && deadlines.closingTooLate(nowNanos);
        };
    if (tooLate || deadlines.writeStalled(nowNanos, ctx.channel())) {
      ctx.close();
    } else if (state == State.OPEN) {
      checkInput(nowNanos);
    } else if (state == State.ANSWERING && nowNanos - closingSince > PATIENCE_NANOS) {
      answer();
    }
  }

  private void checkInput(long now) {
    boolean holdingBack = !decoder.wantsInput();
    if (holdingBack) {
      heard = now; // it is the listener that takes its time
      pinged = false;
    }
    if (holdingBack || !(decoder.isPartial() || message != null)) {
      deadlines.bodyBegins(now);
    } else if (deadlines.bodyTooLate(now)) {
      fail(CloseCode.POLICY, "a message came too slowly");
      return;
    }
    long interval = options.pingInterval().toNanos();
    if (interval == 0) {
      return;
    }
    if (pinged && now - pingedAt > interval) {
      context().close();
    } else if (!pinged && now - heard > interval) {
      pinged = true;
      pingedAt = now;
      context().writeAndFlush(new PingWebSocketFrame(Unpooled.wrappedBuffer(PING)));
    }
  }

  @Override
  public void drain() {
    begin(CloseCode.GOING_AWAY, "the server is stopping");
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    server.watch(ctx.channel().eventLoop()).remove(this);
    state = State.ENDED;
    message = null;
    tellClosed();
    release(ctx);
  }

  /** Nothing more will be written: what follows the response follows now. */
  private void release(ChannelHandlerContext ctx) {
    Admission tasks = admission;
    if (tasks == null) {
      return;
    }
    long written = socket().written();
    ChannelProgressivePromise end = ctx.newProgressivePromise();
    end.addListener(new Afterwards(tasks, 101, written, 0));
    if (listenerFailed) {
      end.setFailure(new IllegalStateException("the listener failed"));
    } else if (closeWritten) {
      end.setSuccess();
    } else {
      end.setFailure(new ClosedChannelException());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      int code = violation.closeStatus().code();
      fail(code, code == CloseCode.TOO_LARGE ? tooLarge() : String.valueOf(cause.getMessage()));
      return;
    }
    LOG.log(
        cause instanceof IOException ? Level.DEBUG : Level.WARNING,
        () -> "closing the WebSocket of " + ctx.channel().remoteAddress(),
        cause);
    ctx.close();
  }
}
