package dev.postlude.server;

import dev.postlude.http.Headers;
import dev.postlude.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.file.Path;
import java.util.Locale;

/** One HTTP/2 stream: RFC 9113 section 8.1. */
final class Http2Wire implements Wire {
  /** What all streams of a connection whose client does not read may hold together, in bytes. */
  private static final int ALL_STREAMS = 3 * 1024 * 1024;

  private static final int LEAST = 8 * 1024;

  private final ChannelHandlerContext context;

  Http2Wire(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public ChannelHandlerContext context() {
    return context;
  }

  @Override
  public void full(Response response, byte[] content, ChannelPromise last) {
    head(response);
    content(Unpooled.wrappedBuffer(content), true, last);
  }

  @Override
  public void headOnly(Response response, ChannelPromise last) {
    context.write(new DefaultHttp2HeadersFrame(fields(response), true), last);
  }

  /** What waits for the client's window is held in memory, so it comes in small pieces. */
  @Override
  public boolean takesAnySize() {
    return false;
  }

  @Override
  public int room(ServerOptions options) {
    int share = ALL_STREAMS / options.http2().maxStreams();
    return Math.max(LEAST, Math.min(share, Wire.super.room(options)));
  }

  @Override
  public void head(Response response) {
    context.write(new DefaultHttp2HeadersFrame(fields(response), false), context.newPromise());
  }

  private static Http2Headers fields(Response response) {
    Http2Headers fields = new DefaultHttp2Headers();
    fields.status(Integer.toString(response.status()));
    Headers headers = response.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i).toLowerCase(Locale.ROOT);
      if (!name.equals("connection")) {
        fields.add(name, headers.value(i));
      }
    }
    fields.set("date", HttpDate.latest().text());
    long length = Wire.length(response);
    if (length >= 0) {
      fields.set("content-length", Long.toString(length));
    }
    return fields;
  }

  @Override
  public void content(ByteBuf piece, boolean last, ChannelPromise written) {
    context.write(new DefaultHttp2DataFrame(piece, last), written);
  }

  @Override
  public void file(Path path, long offset, long length, boolean last, ChannelPromise written) {
    throw new UnsupportedOperationException("a worker copies files for HTTP/2");
  }

  @Override
  public void end(ChannelPromise last) {
    context.write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true), last);
  }

  @Override
  public void abort() {
    context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }
}
