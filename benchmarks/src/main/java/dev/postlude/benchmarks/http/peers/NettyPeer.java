package dev.postlude.benchmarks.http.peers;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;

/**
 * Netty by hand, the measure of the others: its codec, one handler, responses as header objects,
 * one flush for all that came in with one read.
 */
public final class NettyPeer implements Peer {
  private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");
  private static final byte[] CONTENT = Content.TEXT.getBytes(StandardCharsets.UTF_8);
  private static final byte[] ACCEPTED = Content.ACCEPTED.getBytes(StandardCharsets.UTF_8);

  @Override
  public void start(Setup setup) throws Exception {
    ExecutorService threads = setup.taskThreads();
    NettyServer.start(
        setup,
        channel ->
            channel.pipeline().addLast(new HttpServerCodec(), new Connection(setup, threads)));
  }

  private static final class Connection extends ChannelInboundHandlerAdapter {
    private final Setup setup;
    private final ExecutorService threads;
    private String uri = "";
    private ByteBuf body;

    Connection(Setup setup, ExecutorService threads) {
      this.setup = setup;
      this.threads = threads;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof HttpRequest request) {
          if (request.decoderResult().isFailure()) {
            ctx.close();
            return;
          }
          uri = request.uri();
        }
        if (message instanceof HttpContent content) {
          collect(ctx, content.content());
        }
        if (message instanceof LastHttpContent) {
          answer(ctx);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void collect(ChannelHandlerContext ctx, ByteBuf content) {
      if (content.isReadable()) {
        if (body == null) {
          body = ctx.alloc().buffer();
        }
        body.writeBytes(content);
      }
    }

    private void answer(ChannelHandlerContext ctx) {
      switch (uri) {
        case "/plaintext" -> write(ctx, TEXT, CONTENT);
        case "/json" -> write(ctx, HttpHeaderValues.APPLICATION_JSON, Content.messageJson());
        case "/echo" -> write(ctx, HttpHeaderValues.APPLICATION_JSON, echo());
        case "/task" -> {
          setup.tasks().ask();
          ctx.write(response(TEXT, ACCEPTED))
              .addListener(
                  (ChannelFutureListener) written -> threads.execute(() -> setup.tasks().run()));
        }
        default -> {
          String id = NettyServer.itemOf(uri);
          if (id == null) {
            ctx.close();
          } else {
            write(ctx, TEXT, id.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    }

    private byte[] echo() {
      byte[] json = new byte[body.readableBytes()];
      body.readBytes(json);
      body.release();
      body = null;
      return Content.orderJson(Content.order(json));
    }

    private static void write(ChannelHandlerContext ctx, AsciiString type, byte[] content) {
      ctx.write(response(type, content), ctx.voidPromise());
    }

    private static FullHttpResponse response(AsciiString type, byte[] content) {
      var response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(content));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, type)
          .set(HttpHeaderNames.DATE, NettyServer.date())
          .setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
      return response;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
