package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts a server's connections. At the limit accepting pauses and new ones wait in the kernel's
 * queue, which is kinder than to accept and reset them.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  /** How many connections wait in the kernel until they are taken. */
  static final int BACKLOG = 1024;

  private static final int AT_A_TIME = 16;

  /** How long a port with traffic stays open for a connection behind which it is closed. */
  private static final long LAST_LOOK_MILLIS = 20;

  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
  private final Object closed = new Object();
  private boolean stopping; // used on the listening channel's loop

  ConnectionLimit(int limit) {
    this.limit = limit;
  }

  /** How many connections are taken at a time: Netty takes one and looks at all sockets then. */
  static RecvByteBufAllocator accepting() {
    return new ServerChannelRecvByteBufAllocator()
        .respectMaybeMoreData(false)
        .maxMessagesPerRead(AT_A_TIME);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel connection = (Channel) message;
    Channel listening = ctx.channel();
    connections.add(connection);
    if (open.incrementAndGet() >= limit) {
      listening.config().setAutoRead(false);
      resume(listening); // one may have ended just before, and found that accepting went on
    }
    connection.closeFuture().addListener(done -> ended(connection, listening));
    ctx.fireChannelRead(message);
  }

  private void ended(Channel connection, Channel listening) {
    connections.remove(connection);
    open.decrementAndGet();
    resume(listening);
    synchronized (closed) {
      closed.notifyAll();
    }
  }

  private void resume(Channel listening) {
    if (open.get() < limit) {
      listening.config().setAutoRead(true);
    }
  }

  /**
   * Takes the connections that wait in the kernel's queue, and closes the port. Their clients take
   * them for open and may have sent requests: a close resets them. The queue is known to be empty
   * when it has just been emptied, so that the next connection is waited for a little.
   *
   * @return when it is closed
   */
  ChannelFuture stopListening(Channel listening) {
    listening.eventLoop().execute(() -> lastLook(listening));
    return listening.closeFuture();
  }

  private void lastLook(Channel listening) {
    stopping = true;
    if (listening.config().getRecvByteBufAllocator()
        instanceof MaxMessagesRecvByteBufAllocator taken) {
      taken.maxMessagesPerRead(BACKLOG);
    }
    long patience = open.get() == 0 ? 1 : LAST_LOOK_MILLIS; // 1: one look at the sockets
    listening.eventLoop().schedule(() -> listening.close(), patience, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (stopping) {
      ctx.channel().close();
    }
  }

  /** Ends every connection that is left, whatever it is at. */
  void cutOff() {
    connections.forEach(Channel::close);
  }

  /** Waits until there is no connection left; false when the time was up before. */
  boolean awaitNone(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    synchronized (closed) {
      while (open.get() > 0) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(closed, left);
      }
      return true;
    }
  }
}
