package dev.postlude.server;

import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundRunner;
import dev.postlude.concurrent.Threads;
import dev.postlude.concurrent.Workers;
import dev.postlude.http.Endpoints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One connection through the server's own pipeline, from request bytes to response bytes, without a
 * socket: what is left when the kernel is taken away. For routes that run on the event loop, which
 * is the calling thread.
 *
 * <p>In this package because the pipeline is nobody else's business; the one file of the benchmarks
 * that knows it.
 */
public final class Journey implements AutoCloseable {
  private final Workers workers = Threads.workers("journey", 1);
  private final BackgroundRunner runner = new BackgroundRunner(BackgroundOptions.defaults());
  private final EmbeddedChannel channel;

  /** A connection that has just been opened. */
  public Journey(Endpoints endpoints) {
    var context = new ServerContext(endpoints, ServerOptions.onPort(0), runner, workers);
    channel = new Loopback(new Pipeline(context, null));
  }

  /** As far as the pipeline can tell, a socket. */
  private static final class Loopback extends EmbeddedChannel implements DuplexChannel {
    private static final SocketAddress PEER =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);

    Loopback(Pipeline pipeline) {
      super(pipeline);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return PEER;
    }

    @Override
    public boolean isInputShutdown() {
      return false;
    }

    @Override
    public boolean isOutputShutdown() {
      return false;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
      return close();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
      return close(promise);
    }

    @Override
    public ChannelFuture shutdownOutput() {
      return close();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
      return close(promise);
    }

    @Override
    public ChannelFuture shutdown() {
      return close();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
      return close(promise);
    }
  }

  /**
   * Lets bytes come in, as one read.
   *
   * @return how many bytes went out
   */
  public int send(byte[] requests) {
    channel.writeInbound(Unpooled.wrappedBuffer(requests));
    int written = 0;
    for (ByteBuf answer; (answer = channel.readOutbound()) != null; answer.release()) {
      written += answer.readableBytes();
    }
    if (written == 0) {
      throw new IllegalStateException("no answer");
    }
    return written;
  }

  /** Also gives back what the thread was lent, which an event loop does when it ends. */
  @Override
  public void close() {
    channel.close();
    runner.close();
    workers.shutdownNow();
    FastThreadLocal.removeAll();
  }
}
