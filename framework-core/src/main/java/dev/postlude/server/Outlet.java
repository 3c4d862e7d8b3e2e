package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Small answers of one connection, gathered up to the flush: a client that pipelines gets all that
 * one read was answered with in one piece.
 *
 * <p>Whoever writes to the channel in another way hands over first, or the order would be lost.
 * Used on the connection's event loop. Between two passes it holds no memory: the array is lent
 * from the loop.
 */
final class Outlet {
  /** So many bytes are gathered before the channel is to know of them and perhaps say stop. */
  private static final int FULL = 32 * 1024;

  private static final int FIRST = 4 * 1024;
  private static final LoopBuffer BUFFER = new LoopBuffer(FULL);
  private static final byte[] NONE = {};
  private static final FastThreadLocal<byte @Nullable []> SPARE = new FastThreadLocal<>();

  private byte[] bytes = NONE;
  private int length;

  /** Appends bytes, which are copied. */
  Outlet append(byte[] more) {
    int from = length;
    reserve(more.length);
    System.arraycopy(more, 0, bytes, from, more.length);
    length = from + more.length;
    return this;
  }

  /** Appends a text of characters up to U+00FF, one byte each. */
  @SuppressWarnings("deprecation") // the method that does just this; what it is warned of is wanted
  Outlet append(String text) {
    int from = length;
    reserve(text.length());
    text.getBytes(0, text.length(), bytes, from);
    length = from + text.length();
    return this;
  }

  private void reserve(int more) {
    int needed = length + more;
    if (needed <= bytes.length) {
      return;
    }
    if (bytes == NONE) {
      byte[] spare = SPARE.get();
      SPARE.set(null);
      bytes = spare == null ? new byte[FIRST] : spare;
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }

  /** Hands over if there would be more than is to be held back. */
  void makeRoom(ChannelHandlerContext ctx, int more) {
    if (length > 0 && length + more > FULL) {
      handOver(ctx);
    }
  }

  /** Writes what there is, without flushing. */
  void handOver(ChannelHandlerContext ctx) {
    if (length > 0) {
      ctx.write(take(ctx.alloc()), ctx.voidPromise());
    }
  }

  /** What there is, for the caller to write. */
  ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf lent = length <= FULL ? BUFFER.lend() : null;
    ByteBuf taken = lent == null ? allocator.ioBuffer(length) : lent;
    taken.writeBytes(bytes, 0, length);
    drop();
    return taken;
  }

  /** Drops what there is: the connection has ended. */
  void drop() {
    if (bytes.length > 0 && bytes.length <= 2 * FULL) {
      SPARE.set(bytes);
    }
    bytes = NONE;
    length = 0;
  }
}
