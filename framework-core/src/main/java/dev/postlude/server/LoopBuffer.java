package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * A direct buffer of each event loop, lent to one user at a time: what is read is mostly handled,
 * and what is written mostly in the socket, before the next connection has its turn, so that one
 * buffer does for all of them.
 */
final class LoopBuffer {
  private final FastThreadLocal<ByteBuf> own;

  /**
   * Buffers of a fixed capacity.
   *
   * @param capacity in bytes
   */
  LoopBuffer(int capacity) {
    own =
        new FastThreadLocal<>() {
          @Override
          protected ByteBuf initialValue() {
            return Unpooled.directBuffer(capacity, capacity);
          }

          @Override
          protected void onRemoval(ByteBuf buffer) {
            buffer.release();
          }
        };
  }

  /**
   * The calling event loop's buffer, empty and for the caller to release; {@code null} as long as
   * whoever had it last still holds it.
   */
  @Nullable ByteBuf lend() {
    ByteBuf buffer = own.get();
    return buffer.refCnt() == 1 ? buffer.clear().retain() : null;
  }
}
