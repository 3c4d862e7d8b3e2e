package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a connection, chosen by what it begins with: TLS, whose ALPN decides between
 * HTTP/2 and HTTP/1.1 (RFC 7301); the preface of HTTP/2 (RFC 9113 section 3.4); or else HTTP/1.1.
 */
final class Pipeline extends ChannelInitializer<Channel> {
  /** Of our own: to ask Netty for it loads its codec, which most servers never need. */
  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII));

  private final ServerContext server;
  private final @Nullable SslContext tls;

  Pipeline(ServerContext server, @Nullable SslContext tls) {
    this.server = server;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (tls == null) {
      channel.pipeline().addLast(new Preface());
      addHttp1(channel.pipeline());
    } else {
      channel.config().setAutoRead(true); // until the handshake is done
      channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Negotiated());
    }
  }

  private void addHttp1(ChannelPipeline pipeline) {
    Http1Connection connection = new Http1Connection(server);
    pipeline.addLast(connection.decoder(), connection);
  }

  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        Http2Connection.addTo(ctx.pipeline(), server);
      } else {
        ctx.channel().config().setAutoRead(false);
        addHttp1(ctx.pipeline());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** Looks whether the first bytes are HTTP/2's preface, and leaves. */
  private final class Preface extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      int seen = Math.min(in.readableBytes(), PREFACE.readableBytes());
      if (!ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, seen)) {
        ctx.pipeline().remove(this);
      } else if (seen == PREFACE.readableBytes()) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.remove(RequestDecoder.class);
        pipeline.remove(Http1Connection.class);
        Http2Connection.addTo(pipeline, server);
        pipeline.remove(this);
      }
    }
  }
}
