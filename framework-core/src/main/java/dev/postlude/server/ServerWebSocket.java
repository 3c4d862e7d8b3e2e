package dev.postlude.server;

import dev.postlude.http.Request;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketHandshake;
import dev.postlude.server.OutgoingFrame.Kind;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** The end of a WebSocket that applications hold. */
final class ServerWebSocket implements WebSocket {
  private static final int MAX_CONTROL = 125;

  private final WebSocketHandshake handshake;
  private final FrameQueue frames;
  private final EventLoop loop;
  private final Closing closing;

  /** Held while a message is handed over, frame by frame. */
  private final ReentrantLock sending = new ReentrantLock();

  private volatile boolean clientLeaves;

  /** Who closes the connection; called on the event loop. */
  interface Closing {
    void begin(int code, String reason);
  }

  ServerWebSocket(
      WebSocketHandshake handshake, FrameQueue frames, EventLoop loop, Closing closing) {
    this.handshake = handshake;
    this.frames = frames;
    this.loop = loop;
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
    return frames.isOpen() && !clientLeaves;
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
      frames.add(OutgoingFrame.of(Kind.PING, payload.clone(), 0), true);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void send(Kind kind, byte[] message) throws IOException {
    requireMayBlock();
    int from = 0;
    try {
      sending.lockInterruptibly();
      try {
        do {
          OutgoingFrame frame = OutgoingFrame.of(kind, message, from);
          frames.add(frame, true);
          from += frame.length();
        } while (from < message.length);
      } finally {
        sending.unlock();
      }
    } catch (InterruptedException e) {
      if (from > 0) {
        close(1011, "a message was broken off"); // another would be taken for the rest of it
      }
      throw interrupted();
    }
  }

  private boolean trySend(Kind kind, byte[] message) {
    if (!sending.tryLock()) {
      return false; // somebody else's large message is under way
    }
    try {
      if (!frames.hasRoom()) {
        return false;
      }
      int from = 0;
      do {
        OutgoingFrame frame = OutgoingFrame.of(kind, message, from);
        frames.add(frame, false);
        from += frame.length();
      } while (from < message.length);
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError("nothing waited", e);
    } catch (IOException e) {
      return false; // closed meanwhile
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close(int code, String reason) {
    CloseCode.requireSendable(code, reason);
    if (frames.shut()) {
      try {
        loop.execute(() -> closing.begin(code, reason));
      } catch (RejectedExecutionException e) {
        // The server has stopped, and all its connections with it.
      }
    }
  }

  /** The client has said that it closes; what the listener is about to say may still go out. */
  void clientLeaves() {
    clientLeaves = true;
  }

  private void requireMayBlock() {
    if (loop.inEventLoop()) {
      throw new IllegalStateException(
          "sending may block, which nothing may on the event loop: say trySend, or send from a"
              + " worker");
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while the client was slow");
  }
}
