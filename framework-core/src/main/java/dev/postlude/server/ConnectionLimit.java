package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts a server's connections. At the limit accepting pauses and new ones wait in the kernel's
 * queue, which is kinder than to accept and reset them.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
  private final Object closed = new Object();

  ConnectionLimit(int limit) {
    this.limit = limit;
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
