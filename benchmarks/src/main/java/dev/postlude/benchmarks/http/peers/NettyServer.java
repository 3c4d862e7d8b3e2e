package dev.postlude.benchmarks.http.peers;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Setup;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.AsciiString;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What both peers that are Netty by hand do alike: the bootstrap, the date, and the finding of a
 * route.
 */
final class NettyServer {
  private static final Map<String, Integer> AREAS = new HashMap<>();

  private static volatile AsciiString date = AsciiString.EMPTY_STRING;

  static {
    for (int i = 0; i < Content.AREAS; i++) {
      AREAS.put("/area" + i, i);
    }
  }

  private NettyServer() {}

  static void start(Setup setup, Consumer<Channel> pipeline) throws InterruptedException {
    boolean epoll = Epoll.isAvailable();
    Class<? extends ServerChannel> channels =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            setup.loops(), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    refreshDate();
    loops.next().scheduleAtFixedRate(NettyServer::refreshDate, 1, 1, TimeUnit.SECONDS);
    new ServerBootstrap()
        .group(loops)
        .channel(channels)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                pipeline.accept(channel);
              }
            })
        .bind(Setup.HOST, setup.port())
        .sync();
  }

  private static void refreshDate() {
    date =
        new AsciiString(
            DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }

  /** The value of the field {@code Date}, a second old at most. */
  static AsciiString date() {
    return date;
  }

  /** The parameter of {@code /area{0..49}/items/{id}}, or null for other paths. */
  static String itemOf(String uri) {
    int slash = uri.indexOf('/', 1);
    if (slash < 0
        || !uri.startsWith("/items/", slash)
        || !AREAS.containsKey(uri.substring(0, slash))) {
      return null;
    }
    return uri.substring(slash + "/items/".length());
  }
}
