package dev.postlude.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP/1.1 request parser with a tap: while the connection is not ready for the next
 * request, bytes stay bytes. A client that pipelines is thus held to one read buffer and the
 * requests in it cost nothing until it is their turn.
 *
 * <p>Before it stands {@link PlainHead}: a request that is there as a whole and has nothing unusual
 * in its head never gets to Netty's parser.
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final FastThreadLocal<PlainHead> PLAIN =
      new FastThreadLocal<>() {
        @Override
        protected PlainHead initialValue() {
          return new PlainHead();
        }
      };

  private final ServerOptions options;
  private final Tap tap;
  private final long maxDropped;
  private boolean decoding;
  private boolean between = true;
  private boolean taken;
  private boolean dropping;
  private long dropped;
  private boolean partial;
  private @Nullable FieldLines known;
  private @Nullable Object inputEnd;

  /** Who takes the requests. Called on the event loop, while a decoding pass is under way. */
  interface Tap {
    /** Whether the next message may be decoded. */
    boolean isOpen();

    /** Whether a request that comes as a whole may have a body. */
    boolean takesBodies();

    /** Takes a request; the buffer with the body stays the caller's. */
    void take(RequestHead head, ByteBuf body);
  }

  RequestDecoder(ServerOptions options, Tap tap) {
    super(limits(options));
    this.options = options;
    this.tap = tap;
    this.maxDropped = options.http1().maxLinger();
  }

  /** What Netty's parser is told. */
  static HttpDecoderConfig limits(ServerOptions options) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(options.maxRequestLine())
        .setMaxHeaderSize(options.maxHead())
        .setMaxChunkSize(64 * 1024)
        .setAllowPartialChunks(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (dropping) {
      drop((ByteBuf) message);
      return;
    }
    decoding = true;
    try {
      ByteBuf in = (ByteBuf) message;
      if (isDrained() && takesAll(in)) {
        in.release();
      } else {
        super.channelRead(ctx, in);
      }
    } finally {
      decoding = false;
    }
  }

  /** Takes plain requests as far as they go; whether nothing is left then. */
  private boolean takesAll(ByteBuf in) {
    boolean going = true;
    try {
      while (going && in.isReadable()) {
        going = !dropping && tap.isOpen() && takePlain(in);
      }
    } catch (RuntimeException | Error failure) {
      in.release();
      throw failure;
    }
    return going;
  }

  private boolean takePlain(ByteBuf in) {
    if (!between || partial) {
      return false;
    }
    PlainHead plain = PLAIN.get();
    RequestHead head = plain.read(in, options, tap.takesBodies(), known);
    if (head == null) {
      return false;
    }
    known = plain.fields();
    taken = true;
    int length = (int) Math.max(0, head.contentLength());
    tap.take(head, length == 0 ? Unpooled.EMPTY_BUFFER : in.readSlice(length));
    return true;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (dropping) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!tap.isOpen()) {
      return;
    }
    if (takePlain(in)) {
      return;
    }
    int from = in.readerIndex();
    super.decode(ctx, in, out);
    partial = out.isEmpty() && (partial || in.isReadable() || holdsText(in, from));
    between = out.isEmpty() ? between && in.readerIndex() == from : endsMessage(out);
  }

  private static boolean endsMessage(List<Object> messages) {
    return messages.get(messages.size() - 1) instanceof LastHttpContent last
        && last.decoderResult().isSuccess();
  }

  /** Whether something was consumed that is no empty line. */
  private static boolean holdsText(ByteBuf in, int from) {
    for (int i = from; i < in.readerIndex(); i++) {
      byte b = in.getByte(i);
      if (b != '\r' && b != '\n') {
        return true;
      }
    }
    return false;
  }

  /**
   * Goes on with what has been read already, after the tap was opened. Does nothing while a
   * decoding pass is under way: that pass sees the open tap itself.
   */
  void resume(ChannelHandlerContext ctx) throws Exception {
    if (decoding) {
      return;
    }
    if (internalBuffer().isReadable()) {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
    }
    Object event = inputEnd; // before which all requests are to be taken
    if (event != null && tap.isOpen()) {
      inputEnd = null;
      super.userEventTriggered(ctx, event);
    }
  }

  /** Whether a decoding pass is under way on this thread. */
  boolean isDecoding() {
    return decoding;
  }

  /** Whether no byte that was read is still to be decoded. */
  boolean isDrained() {
    return !internalBuffer().isReadable();
  }

  /**
   * Whether the beginning of a request head is waiting for its end. The parser takes whole lines
   * out of the buffer already.
   */
  boolean isPartial() {
    return partial;
  }

  /** Forgets the fields of the last request: a connection that is idle is to hold little. */
  void forget() {
    known = null;
  }

  /**
   * From now on bytes are read and dropped: nothing that follows a refused message is ever
   * executed.
   */
  void dropInput() {
    dropping = true;
  }

  private void drop(ByteBuf bytes) {
    dropped += bytes.readableBytes();
    bytes.release();
  }

  /**
   * Whether there may be more to drop. Otherwise the rest is to stay in the kernel: who finds that
   * nothing more can be sent looks for the answer, which a reset would take away.
   */
  boolean dropsOn() {
    return dropped <= maxDropped;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (dropping) {
      ctx.fireUserEventTriggered(event);
    } else if (event instanceof ChannelInputShutdownEvent
        || event instanceof SslCloseCompletionEvent) {
      inputEnd = event;
      resume(ctx);
      ctx.fireChannelReadComplete();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (tap.isOpen() && !taken) {
      super.channelReadComplete(ctx); // which asks for more, since nothing came of this
    } else {
      taken = false;
      ctx.fireChannelReadComplete();
    }
  }
}
