package dev.postlude.http;

import java.io.IOException;
import java.util.Optional;

/**
 * An open WebSocket as its server sees it: RFC 6455.
 *
 * <p>Thread-safe: any thread may send, also long after the listener was called. What one thread
 * sends arrives in that order, and a message is never mixed with another.
 */
public interface WebSocket {
  /** The request that it began with. */
  Request request();

  /** The sub-protocol that both sides agreed on, one of {@link WebSocketOptions#subprotocols()}. */
  Optional<String> subprotocol();

  /**
   * Sends a text message. Returns when it is on its way, and blocks while more than 64 KiB are: a
   * client that does not read holds its senders back, for 30 seconds at most (the server's {@code
   * writeTimeout}). To send to many clients from one thread say {@link #trySend(String)}.
   *
   * @throws IOException when the socket has been closed, by whichever side
   * @throws IllegalStateException on the event loop, which may not be blocked
   */
  void send(String text) throws IOException;

  /** Sends a binary message, as {@link #send(String)} does a text. The bytes are copied. */
  void send(byte[] bytes) throws IOException;

  /**
   * Sends a text message unless that would block: what to say to each of many clients, of which one
   * may be slow. Never blocks.
   *
   * @return false when it was not sent, because the client is behind or the socket has been closed
   */
  boolean trySend(String text);

  /** Sends a binary message unless that would block, as {@link #trySend(String)} does a text. */
  boolean trySend(byte[] bytes);

  /**
   * Sends a ping, which the client answers: see {@link WebSocketListener#pong}. There is no need to
   * ping for the sake of the connection, that happens by itself ({@link
   * WebSocketOptions#pingInterval}). Blocks as {@link #send(String)} does.
   *
   * @param payload 125 bytes or less; the client sends them back
   * @throws IOException when the socket has been closed
   */
  void ping(byte[] payload) throws IOException;

  /** Closes with 1000: everything has been said. */
  default void close() {
    close(1000, "");
  }

  /**
   * Begins the closing handshake: what was sent before still goes out, what comes in from now on is
   * dropped. Does not block; {@link WebSocketListener#closed} follows when the client has answered,
   * or after 5 seconds. Does nothing when the socket has been closed already.
   *
   * @param code 1000 (done), 1001 (going away), 1008 (against the rules), 1011 (failed) ... or one
   *     of your own from 4000 to 4999: RFC 6455 section 7.4
   * @param reason 123 bytes of UTF-8 or less, empty for none
   * @throws IllegalArgumentException for a code that may not be sent, or a reason that is too long
   */
  void close(int code, String reason);

  /**
   * Whether it is of use to send more: neither side has begun to close it, and the connection is
   * there as far as is known. When the client closes while the listener is at work this is false at
   * once, and the listener has 5 seconds to send what it was about to.
   */
  boolean isOpen();
}
