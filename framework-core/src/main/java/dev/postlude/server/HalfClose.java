package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The end of what we say, while we go on listening: a plain close would reset a client that is
 * still sending.
 */
final class HalfClose {
  private HalfClose() {}

  /** Ends the output of a connection; what was written has been flushed. Runs on the event loop. */
  static void endOutput(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else {
      ((DuplexChannel) channel).shutdownOutput();
    }
    channel.read();
  }
}
