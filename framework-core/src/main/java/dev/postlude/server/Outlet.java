package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Small answers of one connection, gathered in one buffer up to the flush: a client that pipelines
 * gets all that one read was answered with in one piece.
 *
 * <p>Whoever writes to the channel in another way hands over first, or the order would be lost.
 * Used on the connection's event loop.
 */
final class Outlet {
  /** So many bytes are gathered before the channel is to know of them and perhaps say stop. */
  private static final int FULL = 32 * 1024;

  private @Nullable ByteBuf gathered;
  private int usual;

  /** A buffer to append to, which is neither to be kept nor to be released. */
  ByteBuf room(ChannelHandlerContext ctx, int bytes) {
    ByteBuf present = gathered;
    if (present != null && present.readableBytes() + bytes > FULL) {
      handOver(ctx);
      present = null;
    }
    if (present == null) {
      present = ctx.alloc().buffer(Math.max(bytes, usual));
      gathered = present;
    }
    return present;
  }

  /** Writes what there is, without flushing. */
  void handOver(ChannelHandlerContext ctx) {
    ByteBuf present = gathered;
    if (present != null) {
      gathered = null;
      usual = present.readableBytes();
      ctx.write(present, ctx.voidPromise());
    }
  }

  /** Drops what there is: the connection has ended. */
  void drop() {
    ByteBuf present = gathered;
    if (present != null) {
      gathered = null;
      present.release();
    }
  }
}
