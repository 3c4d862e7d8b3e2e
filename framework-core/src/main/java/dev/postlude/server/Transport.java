package dev.postlude.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * How bytes come from the kernel: epoll on Linux, kqueue on macOS, NIO elsewhere. io_uring is left
 * aside: it has no zero-copy file transfer, and several container runtimes forbid its system calls.
 */
record Transport(
    String name, IoHandlerFactory ioHandlers, Class<? extends ServerChannel> serverChannel) {

  static Transport best() {
    if (Epoll.isAvailable()) {
      return new Transport("epoll", LastingEpoll.newFactory(), EpollServerSocketChannel.class);
    }
    if (KQueue.isAvailable()) {
      return new Transport("kqueue", KQueueIoHandler.newFactory(), KQueueServerSocketChannel.class);
    }
    return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class);
  }
}
