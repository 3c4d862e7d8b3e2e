package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way of a WebSocket's frames from those who send to the event loop and on to the kernel:
 * senders wait while 64 KiB are on it.
 *
 * <p>Thread-safe. A lock and not {@code synchronized}, which would pin a waiting virtual thread to
 * its carrier.
 */
final class FrameQueue {
  private static final int ON_THE_WAY = 64 * 1024;

  /** What a frame costs here beside its bytes, so that small ones do not come for free. */
  private static final int COST = 128;

  private final Channel channel;
  private final EventLoop loop;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<OutgoingFrame> waiting = new ArrayDeque<>();
  private boolean passing;
  private int onTheWay;
  private volatile boolean open = true;

  // The event loop's.
  private long written;

  FrameQueue(Channel channel) {
    this.channel = channel;
    this.loop = channel.eventLoop();
  }

  /** Whether it takes frames. */
  boolean isOpen() {
    return open;
  }

  /** Whether a sender would not have to wait. */
  boolean hasRoom() {
    lock.lock();
    try {
      return open && onTheWay < ON_THE_WAY;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a frame on its way, behind all others.
   *
   * @param mayWait whether to wait for room first
   * @throws IOException when it is shut
   */
  void add(OutgoingFrame frame, boolean mayWait) throws IOException, InterruptedException {
    boolean first;
    lock.lock();
    try {
      while (open && mayWait && onTheWay >= ON_THE_WAY) {
        changed.await();
      }
      if (!open) {
        throw new IOException("the WebSocket has been closed");
      }
      onTheWay += COST + frame.length();
      waiting.add(frame);
      first = !passing;
      passing = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      try {
        loop.execute(this::passOn);
      } catch (RejectedExecutionException e) {
        shut();
        throw new IOException("the server has stopped", e);
      }
    }
  }

  /** Writes and flushes what has gathered. Runs on the event loop. */
  void passOn() {
    for (OutgoingFrame frame = next(); frame != null; frame = next()) {
      int length = frame.length();
      channel
          .write(frame.encodable())
          .addListener(
              (ChannelFuture write) -> {
                written += write.isSuccess() ? length : 0;
                arrived(COST + length);
              });
    }
    channel.flush();
  }

  private @Nullable OutgoingFrame next() {
    lock.lock();
    try {
      OutgoingFrame next = waiting.poll();
      passing = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void arrived(int cost) {
    lock.lock();
    try {
      onTheWay -= cost;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of messages that the kernel has taken. The event loop's. */
  long written() {
    return written;
  }

  /** Takes no more frames, and tells those who wait; false when that was so already. */
  boolean shut() {
    lock.lock();
    try {
      boolean was = open;
      open = false;
      changed.signalAll();
      return was;
    } finally {
      lock.unlock();
    }
  }
}
