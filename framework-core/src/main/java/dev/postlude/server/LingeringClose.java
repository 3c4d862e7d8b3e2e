package dev.postlude.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;

/**
 * The end of an HTTP/1.1 connection behind what was written: RFC 9112 section 9.6. Its output is
 * ended first and read on for a while, so that a client that is still sending gets to see its
 * answer instead of a reset.
 *
 * <p>Used on the connection's event loop.
 */
final class LingeringClose {
  private final Outlet outlet;
  private final RequestDecoder decoder;
  private final Reception reception;
  private final Deadlines deadlines;
  private boolean seenEnd;

  LingeringClose(Outlet outlet, RequestDecoder decoder, Reception reception, Deadlines deadlines) {
    this.outlet = outlet;
    this.decoder = decoder;
    this.reception = reception;
    this.deadlines = deadlines;
  }

  /** Ends the output, then awaits the client's end; the reception is over. */
  void linger(ChannelHandlerContext ctx) {
    reception.close();
    deadlines.closingBegins(System.nanoTime());
    decoder.dropInput();
    outlet.handOver(ctx);
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              deadlines.closingBegins(System.nanoTime());
              if (isInputShutdown(ctx.channel()) || !written.isSuccess()) {
                ctx.close();
              } else {
                HalfClose.endOutput(ctx.channel());
              }
            });
  }

  /** Closes without awaiting anything, for the client has ended its side. */
  void hangUp(ChannelHandlerContext ctx) {
    outlet.handOver(ctx);
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
  }

  /** Notes that the client has ended its side. */
  void seeEnd() {
    seenEnd = true;
  }

  /** Whether the client has ended its side and everything before that has been decoded. */
  boolean hasSeenEnd() {
    return seenEnd;
  }

  /** Whether the client has ended its side, be it behind bytes that wait to be decoded. */
  boolean isInputShutdown(Channel channel) {
    return seenEnd || ((DuplexChannel) channel).isInputShutdown();
  }
}
