package dev.postlude.server;

import dev.postlude.http.DisconnectedException;
import dev.postlude.http.HttpException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way from the event loop to a handler that reads it while it comes in.
 * Holds some 64 KiB; beyond that the connection is not read, which holds the client back. Of a
 * client that waits to be asked for the body nothing is read before the handler has begun to.
 */
final class BodyPipe extends InputStream implements IncomingBody {
  private static final int FULL = 64 * 1024;

  private final long limit;
  private final Runnable onRoom;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private int offset;
  private int held;
  private long received;
  private boolean unasked;
  private boolean ended;
  private boolean tooLarge;
  private @Nullable Exception broken;

  /**
   * An empty pipe.
   *
   * @param onRoom called by the reader when there is room again after the pipe was full
   * @param unasked whether the client waits to be asked: the pipe counts as full until it is read
   */
  BodyPipe(long limit, Runnable onRoom, boolean unasked) {
    this.limit = limit;
    this.onRoom = onRoom;
    this.unasked = unasked;
  }

  /** Notes that the body is wanted; tells whether that is news. */
  boolean ask() {
    lock.lock();
    try {
      boolean first = unasked;
      unasked = false;
      return first;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void add(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0) {
      return;
    }
    lock.lock();
    try {
      received += more;
      tooLarge = tooLarge || received > limit;
      if (tooLarge) {
        pieces.clear();
        held = 0;
      } else {
        byte[] piece = new byte[more];
        content.readBytes(piece);
        pieces.add(piece);
        held += more;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTooLarge() {
    return tooLarge;
  }

  @Override
  public boolean isFull() {
    lock.lock();
    try {
      return unasked || held >= FULL;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void breakOff(Exception cause) {
    lock.lock();
    try {
      if (!ended && broken == null) {
        broken = cause;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (ask()) {
      onRoom.run();
    }
    boolean room = false;
    int some;
    lock.lock();
    try {
      await();
      byte[] piece = pieces.peek();
      if (piece == null) {
        return -1;
      }
      some = Math.min(length, piece.length - offset);
      System.arraycopy(piece, offset, into, from, some);
      offset += some;
      if (offset == piece.length) {
        pieces.remove();
        offset = 0;
        room = held >= FULL && held - piece.length < FULL;
        held -= piece.length;
      }
    } finally {
      lock.unlock();
    }
    if (room) {
      onRoom.run();
    }
    return some;
  }

  /** Until there is a piece or the end. */
  private void await() throws IOException {
    try {
      while (pieces.isEmpty() && !ended && broken == null && !tooLarge) {
        arrived.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client was slow");
    }
    if (tooLarge) {
      throw IncomingBody.tooLarge(limit);
    }
    Exception cause = broken;
    if (pieces.isEmpty() && cause instanceof HttpException refusal) {
      throw refusal;
    }
    if (pieces.isEmpty() && cause != null) {
      throw new DisconnectedException("the client left before the request was whole");
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return held - offset;
    } finally {
      lock.unlock();
    }
  }
}
