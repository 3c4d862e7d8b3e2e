package dev.postlude.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/**
 * What a WebSocket reads, and when: as long as its parser wants more and the client has not ended
 * its side. What was written meanwhile goes out before. Used on the event loop.
 */
final class Intake {
  private final Channel channel;
  private final FrameDecoder decoder;
  private boolean unflushed;

  Intake(Channel channel, FrameDecoder decoder) {
    this.channel = channel;
    this.decoder = decoder;
  }

  /** The parser, to be put in the pipeline. */
  FrameDecoder decoder() {
    return decoder;
  }

  /** Something was written that goes out before more is read. */
  void flushFirst() {
    unflushed = true;
  }

  /** Asks for more bytes where they would be of use. */
  void readOn() {
    if (unflushed) {
      unflushed = false;
      channel.flush();
    }
    if (decoder.wantsInput() && !isEnded()) {
      channel.read();
    }
  }

  /** Whether a decoding pass is under way, which ends with {@link #readOn} by itself. */
  boolean isDecoding() {
    return decoder.isDecoding();
  }

  /** Decodes what has been read already, after the tap was opened. */
  void resume() throws Exception {
    decoder.resume(channel.pipeline().context(decoder));
  }

  /** Whether the client has ended its side. */
  boolean isEnded() {
    return ((DuplexChannel) channel).isInputShutdown();
  }

  /** Whether it is the listener that takes its time, and not the client. */
  boolean isHoldingBack() {
    return !decoder.wantsInput();
  }

  /** Whether the beginning of a frame is waiting for its end. */
  boolean isPartial() {
    return decoder.isPartial();
  }

  /** From now on bytes are read and dropped. */
  void drop() {
    decoder.dropInput();
  }
}
