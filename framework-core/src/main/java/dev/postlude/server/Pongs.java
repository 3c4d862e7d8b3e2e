package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a client's pings. So many may be on their way; beyond that only the latest ping is
 * answered, which RFC 6455 section 5.5.3 allows: a client that pings and never reads costs no more
 * than that. Used on the event loop.
 */
final class Pongs {
  private static final int MAX = 32;

  private final Channel channel;
  private int onTheWay;
  private byte @Nullable [] owed;

  Pongs(Channel channel) {
    this.channel = channel;
  }

  /** Answers a ping without flushing. */
  void answer(ByteBuf ping) {
    byte[] payload = ByteBufUtil.getBytes(ping);
    if (onTheWay < MAX) {
      write(payload);
    } else {
      owed = payload;
    }
  }

  private void write(byte[] payload) {
    onTheWay++;
    channel
        .write(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)))
        .addListener(written -> arrived());
  }

  private void arrived() {
    onTheWay--;
    byte[] latest = owed;
    if (latest != null) {
      owed = null;
      write(latest);
      channel.flush();
    }
  }

  /** Answers nothing that it still owes: the socket is being closed. */
  void stop() {
    owed = null;
  }
}
