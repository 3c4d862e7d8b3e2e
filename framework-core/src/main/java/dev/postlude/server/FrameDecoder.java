package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's WebSocket frame parser with a tap: while the listener is at work the next message stays
 * bytes, and the socket is not read beyond its beginning. Control frames before it are let through,
 * so that a slow listener is no dead server.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
  /** The bit of the opcode that tells control frames: RFC 6455 section 5.2. */
  private static final int CONTROL = 0x08;

  private final Tap tap;
  private boolean decoding;
  private boolean dropping;
  private boolean begun;
  private boolean control;
  private boolean heldBack;
  private @Nullable Object inputEnd;

  /** Who takes the frames. */
  interface Tap {
    /** Whether a frame of that kind may be decoded now. */
    boolean isOpen(boolean control);

    /** So many bytes have come in. */
    void heard(int bytes);
  }

  /**
   * A parser for what clients send.
   *
   * @param maxFrame the largest payload of a frame in bytes
   */
  FrameDecoder(int maxFrame, Tap tap) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .maxFramePayloadLength(maxFrame)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build());
    this.tap = tap;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    tap.heard(((ByteBuf) message).readableBytes());
    decodeOn(ctx, message);
  }

  private void decodeOn(ChannelHandlerContext ctx, Object message) throws Exception {
    decoding = true;
    try {
      super.channelRead(ctx, message);
    } finally {
      decoding = false;
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (dropping) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!begun) {
      control = (in.getByte(in.readerIndex()) & CONTROL) != 0;
    }
    heldBack = !tap.isOpen(control);
    if (heldBack) {
      return;
    }
    int before = in.readableBytes();
    super.decode(ctx, in, out);
    begun = out.isEmpty() && (begun || in.readableBytes() < before);
  }

  /** Goes on with what has been read already, after the tap was opened. */
  void resume(ChannelHandlerContext ctx) throws Exception {
    if (decoding) {
      return; // that pass sees the open tap itself
    }
    boolean decoded = decodeRest(ctx);
    Object event = inputEnd;
    if (event != null && decoded) {
      inputEnd = null;
      super.userEventTriggered(ctx, event);
    }
  }

  /**
   * Decodes what there is; false when the tap kept some of it back. The tap may be opened by
   * another thread at any time, so it is not asked again.
   */
  private boolean decodeRest(ChannelHandlerContext ctx) throws Exception {
    for (int before = 0, left = left(); left > 0 && left != before; left = left()) {
      before = left;
      decodeOn(ctx, Unpooled.EMPTY_BUFFER);
      if (heldBack && left() > 0) {
        return false;
      }
    }
    return true;
  }

  private int left() {
    return internalBuffer().readableBytes();
  }

  /** Whether a decoding pass is under way on this thread. */
  boolean isDecoding() {
    return decoding;
  }

  /** Whether it could do something with more bytes, rather than holding a message back. */
  boolean wantsInput() {
    boolean nothingHeld = !begun && !internalBuffer().isReadable();
    return dropping || nothingHeld || tap.isOpen(control);
  }

  /** Whether the beginning of a frame is waiting for its end. */
  boolean isPartial() {
    return begun;
  }

  /** From now on bytes are read and dropped. */
  void dropInput() {
    dropping = true;
    begun = false;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    boolean end =
        event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
    if (end && !dropping && (decoding ? !wantsInput() : !decodeRest(ctx))) {
      inputEnd = event; // what was sent before it comes first, and Netty's parser would drop it
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  /** Whether to read on is for the connection to say, not for the parser. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    discardSomeReadBytes();
    ctx.fireChannelReadComplete();
  }
}
