package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.DisconnectedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a response's content goes while it is being made: the worker writes and waits while 64 KiB
 * are on their way, the event loop passes pieces on and wakes it.
 *
 * <p>A lock and not {@code synchronized}, which would pin a waiting virtual thread to its carrier.
 */
final class StreamSink extends OutputStream {
  private static final Logger LOG = System.getLogger("dev.postlude.server");
  private static final int PIECE = 8 * 1024;
  private static final int ON_THE_WAY = 64 * 1024;

  private final Wire wire;
  private final EventLoop loop;
  private final Body.Stream stream;
  private final int status;
  private final @Nullable Admission admission;
  private final Runnable done;
  private final ChannelFutureListener closed = future -> fail(new ClosedChannelException());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private int onTheWay;
  private @Nullable Throwable failure;

  // The worker's.
  private final byte[] piece = new byte[PIECE];
  private int gathered;

  // The event loop's.
  private long passed;
  private long written;
  private long lastWrite = System.nanoTime();
  private boolean ended;

  StreamSink(
      Wire wire, Body.Stream stream, int status, @Nullable Admission admission, Runnable done) {
    this.wire = wire;
    this.loop = wire.context().channel().eventLoop();
    this.stream = stream;
    this.status = status;
    this.admission = admission;
    this.done = done;
  }

  /** Starts the writer on a worker. Runs on the event loop. */
  void start(Executor workers) {
    wire.context().flush();
    if (!stream.heartbeat().isZero()) {
      scheduleBeat(stream.heartbeat().toNanos());
    }
    wire.context().channel().closeFuture().addListener(closed);
    try {
      workers.execute(this::run);
    } catch (RejectedExecutionException e) {
      finish(e);
    }
  }

  private void run() {
    Throwable thrown = null;
    try {
      stream.writer().write(this);
      flush();
    } catch (Throwable t) {
      thrown = t;
    }
    Throwable outcome = thrown;
    try {
      loop.execute(() -> finish(outcome));
    } catch (RejectedExecutionException e) {
      Afterwards.cutOff(admission, status, written, false);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    for (int at = offset, end = offset + length; at < end; ) {
      int some = Math.min(end - at, PIECE - gathered);
      System.arraycopy(bytes, at, piece, gathered, some);
      gathered += some;
      at += some;
      if (gathered == PIECE) {
        send();
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (gathered > 0) {
      send();
    }
  }

  private void send() throws IOException {
    lock.lock();
    try {
      while (failure == null && onTheWay >= ON_THE_WAY) {
        drained.await();
      }
      if (failure != null) {
        throw new IOException("the client is gone", failure);
      }
      onTheWay += gathered;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client was slow");
    } finally {
      lock.unlock();
    }
    ByteBuf bytes = Unpooled.copiedBuffer(piece, 0, gathered);
    gathered = 0;
    try {
      loop.execute(() -> pass(bytes));
    } catch (RejectedExecutionException e) {
      throw new IOException("the server has stopped", e);
    }
  }

  private void pass(ByteBuf bytes) {
    int length = bytes.readableBytes();
    lastWrite = System.nanoTime();
    passed += length;
    ChannelPromise promise = wire.context().newPromise();
    promise.addListener(
        (ChannelFuture passed) -> {
          if (passed.isSuccess()) {
            written += length;
            arrived(length);
          } else {
            fail(passed.cause());
          }
        });
    wire.content(bytes, false, promise);
    wire.context().flush();
  }

  private void arrived(int length) {
    lock.lock();
    try {
      onTheWay -= length;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void finish(@Nullable Throwable thrown) {
    ended = true;
    wire.context().channel().closeFuture().removeListener(closed);
    if (thrown == null && wire.context().channel().isActive()) {
      ChannelProgressivePromise promise = wire.context().newProgressivePromise();
      if (admission != null) {
        promise.addListener(new Afterwards(admission, status, passed, 0));
      }
      wire.end(promise);
      done.run();
      return;
    }
    boolean gone = clientIsGone() || (thrown != null && DisconnectedException.isBehind(thrown));
    if (thrown != null && !gone) {
      LOG.log(
          Level.ERROR, "a response's content failed half-way, its connection is closed", thrown);
    }
    Afterwards.cutOff(admission, status, written, gone);
    wire.abort();
  }

  private boolean clientIsGone() {
    lock.lock();
    try {
      return failure != null || !wire.context().channel().isActive();
    } finally {
      lock.unlock();
    }
  }

  private void scheduleBeat(long nanos) {
    loop.schedule(this::beat, nanos, TimeUnit.NANOSECONDS);
  }

  private void beat() {
    if (ended || !wire.context().channel().isActive()) {
      return;
    }
    long interval = stream.heartbeat().toNanos();
    long silent = System.nanoTime() - lastWrite;
    if (silent < interval) {
      scheduleBeat(interval - silent);
      return;
    }
    lock.lock();
    try {
      onTheWay += stream.beat().length;
    } finally {
      lock.unlock();
    }
    pass(Unpooled.wrappedBuffer(stream.beat()));
    scheduleBeat(interval);
  }
}
