package dev.postlude.server;

import dev.postlude.background.Admission;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a WebSocket: what was said by whom, once by each, and who is told of it: RFC 6455
 * section 7.1. Used on the event loop.
 */
final class Farewell {
  private final ServerContext server;
  private final Channel channel;
  private final FrameQueue frames;
  private final WebSocketCalls calls;
  private final @Nullable Admission admission;
  private int code = CloseCode.LOST;
  private String reason = "";
  private boolean told;
  private boolean listenerFailed;
  private boolean written;
  private long since;

  Farewell(
      ServerContext server,
      Channel channel,
      FrameQueue frames,
      WebSocketCalls calls,
      @Nullable Admission admission) {
    this.server = server;
    this.channel = channel;
    this.frames = frames;
    this.calls = calls;
    this.admission = admission;
  }

  /** The client has closed, before us and as it should. */
  void heard(CloseWebSocketFrame frame) {
    code = CloseCode.of(frame);
    reason = Objects.requireNonNullElse(CloseCode.reason(frame), "");
    since = System.nanoTime();
  }

  /** Answers the client's close with its code. */
  void answer() {
    send(code, "");
  }

  /** Closes before the client has. */
  void say(int code, String reason) {
    this.code = code;
    this.reason = reason;
    send(code, reason);
  }

  /** Sends our close frame behind everything that was sent before it. */
  private void send(int code, String reason) {
    frames.shut();
    frames.passOn();
    since = System.nanoTime();
    channel
        .writeAndFlush(CloseCode.frame(code, reason))
        .addListener(
            (ChannelFuture write) -> {
              written = write.isSuccess();
              since = System.nanoTime();
            });
  }

  /** Closes the connection when all is written. */
  void hangUp() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
  }

  /** Ends our side when all is written, and leaves it to the client to hang up. */
  void endOutput() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (((DuplexChannel) channel).isInputShutdown()) {
                channel.close();
              } else {
                HalfClose.endOutput(channel);
              }
            });
  }

  /** Whether our close frame is with the kernel. */
  boolean isWritten() {
    return written;
  }

  /**
   * For how long, in nanoseconds, either the client's close has waited for ours or ours, once
   * written, for the client's.
   */
  long age(long now) {
    return now - since;
  }

  /** The listener is why we close. */
  void listenerFailed() {
    listenerFailed = true;
  }

  /** Tells the listener that it is over, once. */
  void tellListener() {
    if (!told) {
      told = true;
      frames.shut();
      int code = this.code;
      String reason = this.reason;
      calls.add((listener, socket) -> listener.closed(socket, code, reason));
    }
  }

  /** The connection is closed: what follows the response follows now. */
  void release() {
    if (admission == null) {
      return;
    }
    ChannelProgressivePromise end = channel.newProgressivePromise();
    end.addListener(new Afterwards(server, admission, 101, frames.written(), 0));
    if (listenerFailed) {
      end.setFailure(new IllegalStateException("the listener failed"));
    } else if (written) {
      end.setSuccess();
    } else {
      end.setFailure(new ClosedChannelException());
    }
  }
}
