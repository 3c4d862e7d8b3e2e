package dev.postlude.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client says, from frames to calls of the listener. Used on the event loop. */
final class Inbox {
  private final WebSocketCalls calls;
  private final int maxMessage;
  private @Nullable BodyBuffer message;
  private boolean isText;
  private byte @Nullable [] pong;

  /**
   * An empty one.
   *
   * @param maxMessage the largest message in bytes; frames alone are not larger, the parser sees to
   *     that
   */
  Inbox(WebSocketCalls calls, int maxMessage) {
    this.calls = calls;
    this.maxMessage = maxMessage;
  }

  /**
   * Takes a data frame, whose kind and place are as they should be; false when its message is too
   * large.
   */
  boolean take(WebSocketFrame frame) {
    BodyBuffer parts = message;
    if (parts == null) {
      isText = frame instanceof TextWebSocketFrame;
      if (frame.isFinalFragment()) {
        deliver(ByteBufUtil.getBytes(frame.content()));
        return true;
      }
      parts = new BodyBuffer(maxMessage, -1);
      message = parts;
    }
    parts.add(frame.content());
    if (frame.isFinalFragment() && !parts.isTooLarge()) {
      message = null;
      deliver(parts.bytes());
    }
    return !parts.isTooLarge();
  }

  private void deliver(byte[] bytes) {
    if (isText) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      calls.add((listener, socket) -> listener.text(socket, text));
    } else {
      calls.add((listener, socket) -> listener.binary(socket, bytes));
    }
  }

  /** Takes a pong; while the listener is at work only the latest is kept. */
  void pong(byte[] payload) {
    if (calls.isIdle()) {
      calls.add((listener, socket) -> listener.pong(socket, payload));
    } else {
      pong = payload;
    }
  }

  /** The listener may have time for the pong that was kept. */
  void idle() {
    byte[] latest = pong;
    if (latest != null) {
      pong = null;
      pong(latest);
    }
  }

  /** Whether a message has begun and not ended. */
  boolean isPartial() {
    return message != null;
  }

  /** Forgets what has not been told. */
  void clear() {
    message = null;
    pong = null;
  }
}
