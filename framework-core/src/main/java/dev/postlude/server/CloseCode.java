package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Why a WebSocket is closed: RFC 6455 section 7.4. */
final class CloseCode {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int NOT_UTF8 = 1007;
  static final int POLICY = 1008;
  static final int TOO_LARGE = 1009;
  static final int FAILED = 1011;

  /** Stands for a close frame without a code; never sent. */
  static final int NONE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  static final int LOST = 1006;

  private static final int MAX_REASON = 123;

  private CloseCode() {}

  /** Whether the code may stand in a frame. */
  static boolean isSendable(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  static void requireSendable(int code, String reason) {
    if (!isSendable(code)) {
      throw new IllegalArgumentException(
          "a WebSocket is closed with 1000, another registered code or one of your own from 4000 to"
              + " 4999, not "
              + code);
    }
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_REASON) {
      throw new IllegalArgumentException(
          "the reason for closing is " + MAX_REASON + " bytes or less, not " + length);
    }
  }

  /** A close frame with a code and a reason, or an empty one for {@link #NONE}. */
  static CloseWebSocketFrame frame(int code, String reason) {
    if (code == NONE) {
      return new CloseWebSocketFrame(true, 0, Unpooled.EMPTY_BUFFER);
    }
    ByteBuf content = Unpooled.buffer(2 + reason.length());
    content.writeShort(code).writeBytes(reason.getBytes(StandardCharsets.UTF_8));
    return new CloseWebSocketFrame(true, 0, content);
  }

  /** The code of a client's frame, or {@link #NONE}. */
  static int of(CloseWebSocketFrame frame) {
    ByteBuf content = frame.content();
    return content.readableBytes() < 2 ? NONE : content.getUnsignedShort(content.readerIndex());
  }

  /** The reason in a client's frame: empty for none, {@code null} when it is no UTF-8. */
  static @Nullable String reason(CloseWebSocketFrame frame) {
    ByteBuf content = frame.content();
    if (content.readableBytes() <= 2) {
      return "";
    }
    ByteBuffer bytes = content.nioBuffer(content.readerIndex() + 2, content.readableBytes() - 2);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
