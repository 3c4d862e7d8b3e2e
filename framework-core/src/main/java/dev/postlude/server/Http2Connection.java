package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection: its settings, its limits against clients that mean harm, its end. The
 * requests are in its streams.
 *
 * <p>Every method runs on the connection's event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private final ServerContext server;
  private final Http2FrameCodec codec;
  private final Deadlines deadlines;
  private @Nullable ChannelHandlerContext context;
  private boolean inputEnded;
  private boolean deaf;
  private boolean announced;

  private Http2Connection(ServerContext server, Http2FrameCodec codec, Deadlines deadlines) {
    this.server = server;
    this.codec = codec;
    this.deadlines = deadlines;
  }

  /** Adds the handlers of HTTP/2 to the end of a pipeline; returns the codec among them. */
  static Http2FrameCodec addTo(ChannelPipeline pipeline, ServerContext server) {
    ServerOptions options = server.options();
    Http2Options http2 = options.http2();
    int resetSeconds = (int) http2.resetWindow().toSeconds();
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(http2.maxStreams())
                    .maxHeaderListSize(options.maxHead()))
            .validateHeaders(true)
            .validateRequiredPseudoHeaders(true)
            .decoderEnforceMaxRstFramesPerWindow(http2.maxResets(), resetSeconds)
            .encoderEnforceMaxRstFramesPerWindow(http2.maxResets(), resetSeconds)
            .decoderEnforceMaxSmallContinuationFrames(http2.maxContinuations())
            .decoderEnforceMaxConsecutiveEmptyDataFrames(http2.maxEmptyData())
            .encoderEnforceMaxQueuedControlFrames(http2.maxAnswers())
            .gracefulShutdownTimeoutMillis(options.requestDrain().toMillis())
            .build();
    Deadlines deadlines = new Deadlines(options);
    pipeline.addLast(codec, new Http2MultiplexHandler(new Streams(server, deadlines)));
    pipeline.addLast(new Http2Connection(server, codec, deadlines));
    pipeline.channel().config().setAutoRead(true);
    return codec;
  }

  private static final class Streams extends ChannelInitializer<Channel> {
    private final ServerContext server;
    private final Deadlines deadlines;

    Streams(ServerContext server, Deadlines deadlines) {
      this.server = server;
      this.deadlines = deadlines;
    }

    @Override
    protected void initChannel(Channel stream) {
      deadlines.idleBegins(System.nanoTime());
      stream.pipeline().addLast(new Http2Stream(server));
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadlines.opened(System.nanoTime());
    Watch watch = server.watch(ctx.channel().eventLoop());
    watch.add(this);
    if (watch.endsIdle()) {
      drain();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    server.watch(ctx.channel().eventLoop()).remove(this);
  }

  @Override
  public void check(long nowNanos) {
    if (deaf) {
      if (inputEnded || deadlines.closingTooLate(nowNanos)) {
        closeAtOnce();
      }
      return;
    }
    boolean idle = codec.connection().numActiveStreams() == 0;
    if (!idle) {
      deadlines.idleBegins(nowNanos);
    }
    if (inputEnded) {
      resetStuck();
    }
    if (deadlines.writeStalled(nowNanos, context().channel())
        || deadlines.windowStalled(nowNanos, held())) {
      closeAtOnce();
    } else if (idle && (inputEnded || deadlines.headTooLate(nowNanos, false))) {
      context().close();
    }
  }

  /** Ends the answers that wait for more room, which nobody can give any more. */
  private void resetStuck() {
    List<Integer> stuck = new ArrayList<>();
    forEachHeld(stream -> stuck.add(stream.id()));
    Http2Error error = Http2Error.CANCEL;
    for (int stream : stuck) {
      codec.resetStream(frames(), stream, error.code(), frames().newPromise());
    }
    if (!stuck.isEmpty()) {
      frames().flush();
    }
  }

  /** What the answers that wait for the client's windows look like; 0 when none waits. */
  private long held() {
    long[] sum = {0};
    forEachHeld(
        stream -> sum[0] = 31 * sum[0] + stream.id() + flow().windowSize(stream) * 1_000_003L);
    int window = flow().windowSize(codec.connection().connectionStream());
    return sum[0] == 0 ? 0 : sum[0] + window;
  }

  private void forEachHeld(Consumer<io.netty.handler.codec.http2.Http2Stream> action) {
    try {
      boolean full = flow().windowSize(codec.connection().connectionStream()) <= 0;
      codec
          .connection()
          .forEachActiveStream(
              stream -> {
                if (flow().hasFlowControlled(stream) && (full || flow().windowSize(stream) <= 0)) {
                  action.accept(stream);
                }
                return true;
              });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // the visitor throws none
    }
  }

  private Http2RemoteFlowController flow() {
    return codec.encoder().flowController();
  }

  private ChannelHandlerContext frames() {
    return context().pipeline().context(codec);
  }

  /** Closes without a word, and without waiting for the streams. */
  private void closeAtOnce() {
    frames().close(); // goes on from there, past the codec
  }

  /** No more requests will come: those that are whole are answered first. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      inputEnded = true;
      if (codec.connection().numActiveStreams() == 0) {
        ctx.close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  /**
   * Says GOAWAY for streams that no client has reached yet, for it may have begun some that are on
   * the wire: RFC 9113 section 6.8.
   */
  @Override
  public void announceEnd() {
    if (deaf) {
      return;
    }
    announced = true;
    context().writeAndFlush(goAway().setExtraStreamIds(Integer.MAX_VALUE));
  }

  /** Says GOAWAY, lets the open streams end, and closes: RFC 9113 section 6.8. */
  @Override
  public void drain() {
    if (announced && !deaf) {
      context().write(goAway()); // closing says it only where it was not said at all
    }
    context().close();
  }

  private static Http2GoAwayFrame goAway() {
    return new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(
        cause instanceof IOException ? Level.DEBUG : Level.INFO,
        () -> "closing the connection of " + ctx.channel().remoteAddress() + ": " + cause);
    if (!(cause instanceof Http2Exception)) {
      ctx.close();
    } else if (!deaf) {
      // The codec itself says GOAWAY with the error's code, right after this; the client has a
      // second to see it, and nothing more that it sends is looked at.
      deaf = true;
      deadlines.closingBegins(System.nanoTime());
      ctx.pipeline().addBefore(ctx.pipeline().context(codec).name(), null, new Discarding());
    }
  }

  /** Drops everything that comes in. */
  private static final class Discarding extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}
