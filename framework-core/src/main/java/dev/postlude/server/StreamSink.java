package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.DisconnectedException;
import dev.postlude.http.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where a response's content goes while it is being made: the worker writes and waits while enough
 * is on its way, the event loop passes pieces on and wakes it.
 */
final class StreamSink extends ResponseStream implements Watch.Watched {
  private static final Logger LOG = System.getLogger("dev.postlude.server");
  private static final int PIECE = 8 * 1024;
  private static final long FIRST_PROBE_NANOS = 100_000_000;

  private final Wire wire;
  private final Channel channel;
  private final EventLoop loop;
  private final ServerContext server;
  private final Body.Stream stream;
  private final int status;
  private final @Nullable Incoming request;
  private final @Nullable Admission admission;
  private final Runnable done;
  private final StreamWindow window;
  private final ChannelFutureListener closed = future -> clientLeft();

  // The worker's.
  private final byte[] piece = new byte[PIECE];
  private int gathered;
  private boolean inside; // of what the writer has not flushed yet

  // The event loop's.
  private long passed;
  private long written;
  private boolean between = true; // for what has passed was flushed: a beat may stand here
  private long lastWrite = System.nanoTime();
  private long probeNanos = FIRST_PROBE_NANOS;

  StreamSink(
      Wire wire,
      Body.Stream stream,
      int status,
      @Nullable Incoming request,
      @Nullable Admission admission,
      ServerContext server,
      Runnable done) {
    this.wire = wire;
    this.channel = wire.context().channel();
    this.loop = channel.eventLoop();
    this.stream = stream;
    this.status = status;
    this.request = request;
    this.admission = admission;
    this.server = server;
    this.done = done;
    this.window = new StreamWindow(wire.room(server.options()), stream.endless(), server.workers());
  }

  /** Starts the writer on a worker. Runs on the event loop. */
  void start() {
    wire.context().flush();
    channel.closeFuture().addListener(closed);
    if (stream.endless() || !stream.heartbeat().isZero()) {
      server.watch(loop).add(this);
      if (server.isDraining()) {
        drain();
      }
    }
    try {
      server.workers().execute(this::run);
    } catch (RejectedExecutionException e) {
      finish(e);
    }
  }

  private void run() {
    Throwable thrown = null;
    window.enter();
    try {
      stream.writer().write(this);
      flush();
    } catch (Throwable t) {
      thrown = t;
    } finally {
      window.leave();
    }
    Throwable outcome = thrown;
    try {
      loop.execute(() -> finish(outcome));
    } catch (RejectedExecutionException e) {
      Afterwards.cutOff(admission, status, written, false);
    }
  }

  @Override
  public boolean isOpen() {
    return window.end() == null;
  }

  @Override
  public void onClose(Runnable action) {
    window.onClose(Objects.requireNonNull(action, "action"));
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
        send(false);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (gathered > 0 || inside) {
      send(true);
    }
  }

  private void send(boolean flushed) throws IOException {
    window.take(gathered);
    ByteBuf bytes = Unpooled.copiedBuffer(piece, 0, gathered);
    gathered = 0;
    inside = !flushed;
    try {
      loop.execute(() -> pass(bytes, flushed));
    } catch (RejectedExecutionException e) {
      throw new DisconnectedException("the server has stopped");
    }
  }

  private void pass(ByteBuf bytes, boolean flushed) {
    between = flushed;
    int length = bytes.readableBytes();
    if (length == 0) {
      return;
    }
    lastWrite = System.nanoTime();
    passed += length;
    ChannelPromise promise = wire.context().newPromise();
    promise.addListener(
        (ChannelFuture passed) -> {
          if (passed.isSuccess()) {
            written += length;
            window.give(length);
          } else {
            clientLeft();
          }
        });
    wire.content(bytes, false, promise);
    wire.context().flush();
  }

  private void clientLeft() {
    window.close(StreamWindow.End.CLIENT_LEFT);
  }

  /** A stream that would go on for ever ends with the server; others are waited for. */
  @Override
  public void drain() {
    if (stream.endless()) {
      window.close(StreamWindow.End.SERVER_STOPS);
    }
  }

  private void finish(@Nullable Throwable thrown) {
    server.watch(loop).remove(this);
    channel.closeFuture().removeListener(closed);
    StreamWindow.End end = window.end();
    boolean whole = thrown == null || end == StreamWindow.End.SERVER_STOPS;
    if (whole && channel.isActive()) {
      if (thrown != null) {
        LOG.log(Level.DEBUG, "a stream was ended because the server is stopping", thrown);
      }
      ChannelProgressivePromise promise = wire.context().newProgressivePromise();
      if (admission != null) {
        promise.addListener(new Afterwards(server, admission, status, passed, 0));
      }
      wire.end(promise);
      done.run();
      return;
    }
    boolean gone =
        end != null
            || !channel.isActive()
            || (thrown != null && DisconnectedException.isBehind(thrown));
    if (thrown != null && !gone) {
      LOG.log(
          Level.ERROR,
          () -> Incoming.answerTo(request) + " failed half-way and was cut off",
          thrown);
    }
    Afterwards.cutOff(admission, status, written, gone);
    wire.abort();
  }

  @Override
  public void check(long nowNanos) {
    long interval = stream.heartbeat().toNanos();
    if (!channel.isActive() || interval == 0 || !between) {
      return;
    }
    boolean probe = hasClientStoppedTalking();
    if (nowNanos - lastWrite >= (probe ? Math.min(interval, probeNanos) : interval)) {
      probeNanos *= probe ? 2 : 1;
      window.force(stream.beat().length);
      pass(Unpooled.wrappedBuffer(stream.beat()), true);
    }
  }

  /**
   * Which it may do and go on listening. A beat shows whether it does: its kernel refuses the
   * first, and ours the next one.
   */
  private boolean hasClientStoppedTalking() {
    Channel connection = channel instanceof DuplexChannel ? channel : channel.parent();
    return connection instanceof DuplexChannel duplex && duplex.isInputShutdown();
  }
}
