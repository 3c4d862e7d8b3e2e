package dev.postlude.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a client says, from frames to calls of the listener. Used on the event loop. */
final class Inbox {
  /** What our own pings carry, whose answers are nobody's business. */
  private static final byte[] PING = "postlude".getBytes(StandardCharsets.US_ASCII);

  private final WebSocketCalls calls;
  private final Pongs pongs;
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
  Inbox(WebSocketCalls calls, Pongs pongs, int maxMessage) {
    this.calls = calls;
    this.pongs = pongs;
    this.maxMessage = maxMessage;
  }

  /** A ping of our own. */
  static WebSocketFrame ping() {
    return new PingWebSocketFrame(Unpooled.wrappedBuffer(PING));
  }

  /**
   * Takes a frame that is no close, and whose kind and place are as they should be; false when its
   * message is too large. Pings are answered without flushing.
   */
  boolean take(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      pongs.answer(frame.content());
      return true;
    }
    if (frame instanceof PongWebSocketFrame) {
      byte[] payload = ByteBufUtil.getBytes(frame.content());
      if (!Arrays.equals(payload, PING)) {
        pong(payload);
      }
      return true;
    }
    return part(frame);
  }

  private boolean part(WebSocketFrame frame) {
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

  /** While the listener is at work only the latest is kept. */
  private void pong(byte[] payload) {
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

  /** Forgets what has not been told or answered. */
  void clear() {
    pongs.stop();
    message = null;
    pong = null;
  }
}
