package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket's bytes are read to: the event loop's own buffer, as long as a read is not larger
 * than that and nobody has kept it for the rest of a message; else a buffer of Netty's choice.
 */
final class ReceiveBuffers extends AdaptiveRecvByteBufAllocator {
  private static final int CAPACITY = 16 * 1024;
  private static final LoopBuffer BUFFER = new LoopBuffer(CAPACITY);

  @Override
  @SuppressWarnings("deprecation") // the type that the method is declared with
  public Handle newHandle() {
    return new Lending((ExtendedHandle) super.newHandle());
  }

  /** Netty's own handle, but for where the buffer comes from. */
  private record Lending(ExtendedHandle usual) implements ExtendedHandle {
    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      @Nullable ByteBuf lent = usual.guess() <= CAPACITY ? BUFFER.lend() : null;
      return lent == null ? usual.allocate(allocator) : lent;
    }

    @Override
    public int guess() {
      return usual.guess();
    }

    @Override
    public void reset(ChannelConfig config) {
      usual.reset(config);
    }

    @Override
    public void incMessagesRead(int messages) {
      usual.incMessagesRead(messages);
    }

    @Override
    public void lastBytesRead(int bytes) {
      usual.lastBytesRead(bytes);
    }

    @Override
    public int lastBytesRead() {
      return usual.lastBytesRead();
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      usual.attemptedBytesRead(bytes);
    }

    @Override
    public int attemptedBytesRead() {
      return usual.attemptedBytesRead();
    }

    @Override
    public boolean continueReading() {
      return usual.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return usual.continueReading(maybeMoreData);
    }

    @Override
    public void readComplete() {
      usual.readComplete();
    }
  }
}
