package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A request's body gathered in memory. Memory is taken as bytes arrive and not as they are
 * announced, so that announcing costs the client as much as us.
 */
final class BodyBuffer implements IncomingBody {
  private static final byte[] EMPTY = {};
  private static final int FIRST = 8 * 1024;

  private final long limit;
  private final long announced;
  private byte[] bytes = EMPTY;
  private int length;
  private boolean tooLarge;

  /**
   * An empty body.
   *
   * @param announced its length in bytes, or -1 when it is not known
   */
  BodyBuffer(long limit, long announced) {
    this.limit = limit;
    this.announced = announced;
  }

  @Override
  public void add(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0 || tooLarge) {
      return;
    }
    if ((long) length + more > limit) {
      tooLarge = true;
      bytes = EMPTY;
      length = 0;
      return;
    }
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity(length + more));
    }
    content.readBytes(bytes, length, more);
    length += more;
  }

  private int capacity(int needed) {
    long most = announced >= 0 ? announced : limit;
    long grown = Math.max(Math.max(FIRST, needed), 2L * bytes.length);
    return (int) Math.max(needed, Math.min(grown, most));
  }

  @Override
  public boolean isTooLarge() {
    return tooLarge;
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void end() {}

  @Override
  public void breakOff(Exception cause) {
    bytes = EMPTY;
    length = 0;
  }

  /** The whole body. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
