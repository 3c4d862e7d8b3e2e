package dev.postlude.server;

import dev.postlude.http.Request;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of a WebSocket that applications hold: messages go through here to the event loop in pieces of 64 KiB, and senders wait
 * while so much is on its way. A larger message becomes several frames, between which pings and pongs find their way.
 */
final class ServerWebSocket implements WebSocket {
  private static final int ON_THE_WAY = 64 * 1024;
  private static final int PIECE = 64 * 1024;

  /** What a piece costs here beside its bytes, so that small ones do not come for free. */
  private static final int COST = 128;

  private static final int MAX_CONTROL = 125;

  private final ChannelHandlerContext context;
  private final EventLoop loop;
  private final WebSocketHandshake handshake;
  private final Closing closing;

  /** Held while a message is handed over, piece by piece. */
  private final ReentrantLock sending = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Piece> waiting = new ArrayDeque<>();
  private boolean passing;
  private int onTheWay;
  private volatile boolean open = true;
  private volatile boolean clientLeaves;

  // The event loop's.
  private long written;

  /** Who closes the connection; called on the event loop. */
  interface Closing {
    void begin(int code, String reason);
  }

  private enum Kind {
    TEXT,
    BINARY,
    CONTINUATION,
    PING
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Piece(Kind kind, boolean last, byte[] bytes, int from, int length) {
    WebSocketFrame frame() {
      ByteBuf content = Unpooled.wrappedBuffer(bytes, from, length);
      return switch (kind) {
        case TEXT -> new TextWebSocketFrame(last, 0, content);
        case BINARY -> new BinaryWebSocketFrame(last, 0, content);
        case CONTINUATION -> new ContinuationWebSocketFrame(last, 0, content);
        case PING -> new PingWebSocketFrame(content);
      };
    }
  }

  ServerWebSocket(ChannelHandlerContext context, WebSocketHandshake handshake, Closing closing) {
    this.context = context;
    this.loop = context.channel().eventLoop();
    this.handshake = handshake;
    this.closing = closing;
  }

  @Override
  public Request request() {
    return handshake.request();
  }

  @Override
  public Optional<String> subprotocol() {
    return handshake.subprotocol();
  }

  @Override
  public boolean isOpen() {
    return open && !clientLeaves;
  }

  @Override
  public void send(String text) throws IOException {
    send(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    send(Kind.BINARY, bytes.clone());
  }

  @Override
  public boolean trySend(String text) {
    return trySend(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean trySend(byte[] bytes) {
    return trySend(Kind.BINARY, bytes.clone());
  }

  @Override
  public void ping(byte[] payload) throws IOException {
    if (payload.length > MAX_CONTROL) {
      throw new IllegalArgumentException(
          "a ping carries " + MAX_CONTROL + " bytes or less, not " + payload.length);
    }
    requireMayBlock();
    try {
      pass(new Piece(Kind.PING, true, payload.clone(), 0, payload.length), true);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void send(Kind kind, byte[] bytes) throws IOException {
    requireMayBlock();
    int from = 0;
    try {
      sending.lockInterruptibly();
      try {
        do {
          Piece piece = piece(kind, bytes, from);
          pass(piece, true);
          from += piece.length();
        } while (from < bytes.length);
      } finally {
        sending.unlock();
      }
    } catch (InterruptedException e) {
      if (from > 0) {
        close(1011, "a message was broken off"); // any other would be taken for the rest of it
      }
      throw interrupted();
    }
  }

  private boolean trySend(Kind kind, byte[] bytes) {
    if (!sending.tryLock()) {
      return false; // a large message is under way
    }
    try {
      if (!hasRoom()) {
        return false;
      }
      int from = 0;
      do {
        Piece piece = piece(kind, bytes, from);
        pass(piece, false);
        from += piece.length();
      } while (from < bytes.length);
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError("nothing waited", e);
    } catch (IOException e) {
      return false; // closed meanwhile
    } finally {
      sending.unlock();
    }
  }

  private static Piece piece(Kind kind, byte[] bytes, int from) {
    int length = Math.min(PIECE, bytes.length - from);
    return new Piece(
        from == 0 ? kind : Kind.CONTINUATION, from + length == bytes.length, bytes, from, length);
  }

  private boolean hasRoom() {
    lock.lock();
    try {
      return open && onTheWay < ON_THE_WAY;
    } finally {
      lock.unlock();
    }
  }

  /** Hands a piece to the event loop, which takes all those that have gathered at once. */
  private void pass(Piece piece, boolean mayWait) throws IOException, InterruptedException {
    boolean first;
    lock.lock();
    try {
      while (open && mayWait && onTheWay >= ON_THE_WAY) {
        changed.await();
      }
      if (!open) {
        throw new IOException("the WebSocket has been closed");
      }
      onTheWay += COST + piece.length();
      waiting.add(piece);
      first = !passing;
      passing = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      try {
        loop.execute(this::passOn);
      } catch (RejectedExecutionException e) {
        shut();
        throw new IOException("the server has stopped", e);
      }
    }
  }

  /** Writes and flushes what has gathered. Runs on the event loop. */
  void passOn() {
    for (Piece piece = next(); piece != null; piece = next()) {
      int length = piece.length();
      context
          .write(piece.frame())
          .addListener(
              (ChannelFuture write) -> {
                written += write.isSuccess() ? length : 0;
                arrived(COST + length);
              });
    }
    context.flush();
  }

  private @Nullable Piece next() {
    lock.lock();
    try {
      Piece next = waiting.poll();
      passing = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void arrived(int cost) {
    lock.lock();
    try {
      onTheWay -= cost;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of messages that were written. Of the event loop's. */
  long written() {
    return written;
  }

  @Override
  public void close(int code, String reason) {
    CloseCode.requireSendable(code, reason);
    if (shut()) {
      try {
        loop.execute(() -> closing.begin(code, reason));
      } catch (RejectedExecutionException e) {
        // The server has stopped, and every connection of its with it.
      }
    }
  }

  /** The client has said that it closes; what the listener is about to say may still go out. */
  void clientLeaves() {
    clientLeaves = true;
  }

  /** Takes no more messages; false when it did not before. */
  boolean shut() {
    lock.lock();
    try {
      boolean was = open;
      open = false;
      changed.signalAll();
      return was;
    } finally {
      lock.unlock();
    }
  }

  private void requireMayBlock() {
    if (loop.inEventLoop()) {
      throw new IllegalStateException(
          "sending may block, which nothing may on the event loop: say trySend, or send from a worker");
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while the client was slow");
  }
}
