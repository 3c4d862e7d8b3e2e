package dev.postlude.server;

import dev.postlude.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;

/** HTTP/1.1: RFC 9112. */
final class Http1Wire implements Wire {
  /** Up to here content is copied behind its head and goes out as one buffer. */
  private static final int COPIED = 16 * 1024;

  /** Up to here the transport may copy content as a whole. */
  private static final int WRAPPED = 64 * 1024;

  private static final int HEAD_ESTIMATE = 256;

  private final ChannelHandlerContext context;
  private final Outlet outlet;
  private final Persistence persistence;
  private final boolean http10;
  private boolean chunked;

  Http1Wire(ChannelHandlerContext context, Outlet outlet, Persistence persistence, boolean http10) {
    this.context = context;
    this.outlet = outlet;
    this.persistence = persistence;
    this.http10 = http10;
  }

  @Override
  public ChannelHandlerContext context() {
    return context;
  }

  @Override
  public void full(Response response, byte[] content, ChannelPromise last) {
    if (content.length <= COPIED) {
      begin(HEAD_ESTIMATE + content.length, last);
      ResponseEncoding.head(outlet, response, persistence, false);
      outlet.append(content);
      finish(last);
    } else {
      head(response);
      content(content, true, last);
    }
  }

  @Override
  public void content(byte[] piece, boolean last, ChannelPromise written) {
    if (piece.length > WRAPPED && !chunked && takesAnySize()) {
      context.write(new ArrayRegion(piece), written);
    } else {
      content(Unpooled.wrappedBuffer(piece), last, written);
    }
  }

  @Override
  public void headOnly(Response response, ChannelPromise last) {
    begin(HEAD_ESTIMATE, last);
    ResponseEncoding.head(outlet, response, persistence, false);
    finish(last);
  }

  /** What somebody waits for goes by itself; anything else shares a buffer with its neighbours. */
  private void begin(int estimate, ChannelPromise last) {
    if (last.isVoid()) {
      outlet.makeRoom(context, estimate);
    } else {
      outlet.handOver(context);
    }
  }

  /** Nobody waits for the write of a shared buffer: it goes out with the next flush. */
  private void finish(ChannelPromise last) {
    if (!last.isVoid()) {
      context.write(outlet.take(context.alloc()), last);
    }
  }

  /** Over TLS every byte comes through here, and would at once be there twice. */
  @Override
  public boolean takesAnySize() {
    return context.pipeline().get(SslHandler.class) == null;
  }

  @Override
  public void head(Response response) {
    chunked = response.body().length() < 0 && !http10;
    ResponseEncoding.head(outlet, response, persistence, chunked);
    outlet.handOver(context);
  }

  @Override
  public void content(ByteBuf piece, boolean last, ChannelPromise written) {
    if (!chunked) {
      context.write(piece, written);
      return;
    }
    ByteBuf size = context.alloc().buffer(16);
    ByteBufUtil.writeAscii(size, Integer.toHexString(piece.readableBytes()));
    context.write(size.writeShort(ResponseEncoding.CRLF), context.voidPromise());
    context.write(piece, context.voidPromise());
    context.write(Unpooled.copyShort(ResponseEncoding.CRLF), written);
  }

  @Override
  public void file(Path path, long offset, long length, boolean last, ChannelPromise written) {
    context.write(new DefaultFileRegion(path.toFile(), offset, length), written);
  }

  @Override
  public void end(ChannelPromise last) {
    context.write(chunked ? ResponseEncoding.lastChunk() : Unpooled.EMPTY_BUFFER, last);
  }

  @Override
  public void abort() {
    context.close();
  }
}
