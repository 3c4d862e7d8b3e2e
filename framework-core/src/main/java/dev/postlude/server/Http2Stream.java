package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream, which is one request: HEAD, then BODY or STREAMING, then HANDLING, then DONE,
 * as in {@link Http1Connection} and without its way back.
 *
 * <p>Every method runs on the connection's event loop.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter
    implements Batch.Sender, Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private enum State {
    HEAD,
    BODY,
    STREAMING,
    HANDLING,
    DONE
  }

  private final ServerContext server;
  private final Deadlines deadlines;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Incoming incoming;
  private State state = State.HEAD;

  Http2Stream(ServerContext server) {
    this.server = server;
    this.deadlines = new Deadlines(server.options());
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  private Incoming incoming() {
    return Objects.requireNonNull(incoming, "no request is under way");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadlines.opened(System.nanoTime());
    ctx.channel().config().setAutoRead(false);
    server.watch(eventLoop()).add(this);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public EventLoop eventLoop() {
    return context().channel().eventLoop();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof Http2HeadersFrame frame) {
        headers(frame);
      } else if (message instanceof Http2DataFrame frame) {
        data(frame);
      }
    } catch (HttpException refusal) {
      state = State.HANDLING;
      write(Response.problem(refusal), null, null);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void headers(Http2HeadersFrame frame) {
    if (state != State.HEAD) {
      if (frame.isEndStream()) {
        end(); // trailers
      }
      return;
    }
    RequestHead head = RequestHead.of(frame.headers(), server.options());
    Incoming request = new Incoming(server, head, () -> eventLoop().execute(this::readOn));
    incoming = request;
    state = State.BODY;
    deadlines.bodyBegins(System.nanoTime());
    HttpException refusal = request.refusal();
    if (refusal != null) {
      refuseInside(refusal);
      return;
    }
    if (request.expectsContinue() && !frame.isEndStream()) {
      if (request.needsNoBody()) {
        state = State.HANDLING;
        dispatch(null);
        return;
      }
      if (!request.isStreaming()) {
        sendContinue();
      }
    }
    if (request.isStreaming()) {
      state = State.STREAMING;
      dispatch(null);
    }
    if (frame.isEndStream()) {
      end();
    }
  }

  private void data(Http2DataFrame frame) {
    if (state != State.BODY && state != State.STREAMING) {
      return;
    }
    deadlines.bodyGoesOn(System.nanoTime(), frame.content().readableBytes());
    HttpException refusal = incoming().add(frame.content());
    if (refusal != null) {
      refuseInside(refusal);
    } else if (frame.isEndStream()) {
      end();
    }
  }

  private void end() {
    boolean streaming = state == State.STREAMING;
    if (streaming || state == State.BODY) {
      incoming().end();
      state = State.HANDLING;
      if (!streaming) {
        dispatch(null);
      }
    }
  }

  private void refuseInside(HttpException refusal) {
    boolean streaming = state == State.STREAMING;
    state = State.HANDLING;
    incoming().breakOff(refusal);
    if (!streaming) {
      dispatch(refusal);
    }
  }

  private void dispatch(@Nullable HttpException refusal) {
    boolean secure = connection().pipeline().get(SslHandler.class) != null;
    Incoming request = incoming().ready(connection(), secure, System.currentTimeMillis(), refusal);
    Single.depart(this, request, server);
  }

  private Channel connection() {
    return context().channel().parent();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readOn();
  }

  private void sendContinue() {
    deadlines.bodyBegins(System.nanoTime());
    context()
        .writeAndFlush(
            new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100"), false));
  }

  private void readOn() {
    if (state == State.STREAMING && incoming().asksForBody()) {
      sendContinue();
    }
    if (state != State.STREAMING || !incoming().isFull()) {
      context().read();
    }
  }

  /** A stream is one request. */
  @Override
  public boolean goesOn() {
    return false;
  }

  @Override
  public void answered(
      Incoming request, Response response, @Nullable Admission admission, boolean followed) {
    if (!context().channel().isActive() || incoming().isAbandoned()) {
      state = State.DONE;
      Afterwards.cutOff(admission, response.status(), 0, true);
      context().close();
      return;
    }
    if (request.asksForBody(response)) {
      sendContinue();
      eventLoop().execute(this::readOn);
    }
    write(response, admission, request);
  }

  @Override
  public void delivered() {}

  private void write(Response response, @Nullable Admission admission, @Nullable Incoming request) {
    try {
      ResponseWriter.write(
          new Http2Wire(context()), response, admission, request, server, this::done);
      context().flush();
    } catch (RuntimeException e) {
      Afterwards.cutOff(admission, response.status(), 0, false);
      exceptionCaught(context(), e);
    }
  }

  private void done() {
    context().flush();
    state = State.DONE;
    deadlines.closingBegins(System.nanoTime());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame
        || event == ChannelInputShutdownReadComplete.INSTANCE
        || event instanceof SslCloseCompletionEvent) {
      clientLeft();
      if (state == State.HEAD || state == State.BODY) {
        ctx.close(); // nobody has heard of it yet
      }
    }
  }

  private void clientLeft() {
    Incoming request = incoming;
    if (request != null) {
      request.clientLeft();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    server.watch(eventLoop()).remove(this);
    clientLeft();
  }

  @Override
  public void check(long nowNanos) {
    boolean reading = state == State.BODY || state == State.STREAMING;
    if (reading && incoming().isFull()) {
      deadlines.bodyBegins(nowNanos);
    } else if (reading && deadlines.bodyTooLate(nowNanos)) {
      refuseInside(new HttpException(408, "the body came too slowly"));
    } else if (state == State.DONE && !isWhole() && deadlines.closingTooLate(nowNanos)) {
      // A client that is still sending has had time to see its answer: RFC 9113 section 8.1.
      context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
  }

  private boolean isWhole() {
    Incoming request = incoming;
    return request != null && request.isWhole();
  }

  /** The connection sees to that. */
  @Override
  public void drain() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(Level.DEBUG, () -> "ending a stream of " + connection().remoteAddress(), cause);
    if (cause instanceof Http2Exception wrong) {
      ctx.writeAndFlush(new DefaultHttp2ResetFrame(wrong.error()));
    } else {
      ctx.close();
    }
  }
}
