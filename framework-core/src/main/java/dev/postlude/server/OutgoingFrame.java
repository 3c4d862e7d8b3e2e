package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * A frame on its way to the event loop: plain bytes, which nobody has to release.
 *
 * @param last whether it ends its message
 * @param bytes the whole message, not to be changed any more
 * @param from where in it the frame begins
 * @param length how many bytes of it the frame holds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record OutgoingFrame(Kind kind, boolean last, byte[] bytes, int from, int length) {
  /**
   * The largest that a message is cut into, in bytes; between two of them control frames find their
   * way.
   */
  private static final int PIECE = 64 * 1024;

  enum Kind {
    TEXT,
    BINARY,
    CONTINUATION,
    PING
  }

  /** The frame of a message that begins at an index. */
  static OutgoingFrame of(Kind kind, byte[] message, int from) {
    int length = Math.min(PIECE, message.length - from);
    boolean last = from + length == message.length;
    return new OutgoingFrame(from == 0 ? kind : Kind.CONTINUATION, last, message, from, length);
  }

  /** The frame as Netty encodes it. */
  WebSocketFrame encodable() {
    ByteBuf content = Unpooled.wrappedBuffer(bytes, from, length);
    return switch (kind) {
      case TEXT -> new TextWebSocketFrame(last, 0, content);
      case BINARY -> new BinaryWebSocketFrame(last, 0, content);
      case CONTINUATION -> new ContinuationWebSocketFrame(last, 0, content);
      case PING -> new PingWebSocketFrame(content);
    };
  }
}
