package dev.postlude.server;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import org.jspecify.annotations.Nullable;

/**
 * How a client breaks the protocol or a limit: RFC 6455 section 7.1.7.
 *
 * @param code what it is told
 */
record Violation(int code, String reason) {
  static final Violation TOO_SLOW = new Violation(CloseCode.POLICY, "a message came too slowly");

  static Violation tooLarge(int maxMessage) {
    return new Violation(CloseCode.TOO_LARGE, "a message is larger than " + maxMessage + " bytes");
  }

  /** What is wrong with a client's close; {@code null} when nothing is. */
  static @Nullable Violation of(CloseWebSocketFrame close) {
    if (CloseCode.reason(close) == null) {
      return new Violation(CloseCode.NOT_UTF8, "the reason for closing is no UTF-8");
    }
    int code = CloseCode.of(close);
    return code == CloseCode.NONE || CloseCode.isSendable(code)
        ? null
        : new Violation(CloseCode.PROTOCOL_ERROR, "no such code for closing: " + code);
  }

  /** What a parser threw. */
  static Violation of(CorruptedWebSocketFrameException thrown, int maxMessage) {
    int code = thrown.closeStatus().code();
    return code == CloseCode.TOO_LARGE
        ? tooLarge(maxMessage)
        : new Violation(code, String.valueOf(thrown.getMessage()));
  }
}
