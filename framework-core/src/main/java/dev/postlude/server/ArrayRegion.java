package dev.postlude.server;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A long array that goes to the socket piece by piece, as a file does. Netty copies an array out of
 * the heap as a whole before it writes the first byte, so that a client that does not read would
 * cost the length of its answer once more.
 *
 * <p>Used on the event loop.
 */
final class ArrayRegion extends AbstractReferenceCounted implements FileRegion {
  /** How much is copied at a time, by the transport. */
  private static final int PIECE = 128 * 1024;

  private final byte[] array;
  private int transferred;

  ArrayRegion(byte[] array) {
    this.array = array;
  }

  /** Lets such an array count with its length among what waits to be written. */
  static MessageSizeEstimator estimator() {
    MessageSizeEstimator.Handle others = DefaultMessageSizeEstimator.DEFAULT.newHandle();
    MessageSizeEstimator.Handle all =
        message ->
            message instanceof ArrayRegion region ? region.array.length : others.size(message);
    return () -> all;
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  public long count() {
    return array.length;
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    int from = (int) position;
    int some = target.write(ByteBuffer.wrap(array, from, Math.min(PIECE, array.length - from)));
    if (some > 0) {
      transferred += some;
    }
    return some;
  }

  @Override
  protected void deallocate() {}

  @Override
  public FileRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public FileRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public FileRegion touch() {
    return this;
  }

  @Override
  public FileRegion touch(Object hint) {
    return this;
  }
}
