package dev.postlude.http;

/**
 * What a server does with a WebSocket.
 *
 * <p>Called on a worker (a virtual thread on JDK 21 and later), where it may block: one call at a
 * time for each socket and in order, each seeing what the one before did. The next message is not
 * read before the call has returned, so that nothing piles up; the client's pings are answered
 * nevertheless. One listener for several sockets is called by several threads at once.
 *
 * <p>A method that throws closes the socket with 1011; {@link #failed} and {@link #closed} follow.
 */
public interface WebSocketListener {
  /** Makes the listener for a socket: {@code request -> new Chat(request.param("room"))}. */
  @FunctionalInterface
  interface Source {
    /**
     * The listener for the socket that a request asks for. Called as a handler is, after the
     * filters and once the handshake is known to be a good one; an {@link HttpException} that it
     * throws refuses the socket with a plain HTTP answer.
     */
    WebSocketListener listen(Request request) throws Exception;
  }

  /** The first call: the socket is open. */
  default void open(WebSocket socket) throws Exception {}

  /** A text message, whole. */
  default void text(WebSocket socket, String text) throws Exception {}

  /** A binary message, whole. The array is the listener's own. */
  default void binary(WebSocket socket, byte[] bytes) throws Exception {}

  /**
   * The answer to {@link WebSocket#ping}, or a pong that nobody asked for. While another call is
   * under way only the latest is remembered.
   */
  default void pong(WebSocket socket, byte[] payload) throws Exception {}

  /**
   * Something went wrong that is not the client's leaving: a method of this listener threw, which
   * has been logged, or, as a {@link java.net.ProtocolException}, the client broke the protocol or
   * a limit. {@link #closed} follows.
   */
  default void failed(WebSocket socket, Throwable cause) throws Exception {}

  /**
   * The last call, made exactly once for every socket that {@link #open} was called for. Nothing
   * can be sent any more.
   *
   * @param code what the side said that closed first, be it the client, {@link WebSocket#close} or
   *     the server: 1001 when it stops, 1002 for a client that breaks the protocol, 1007 for text
   *     that is no UTF-8, 1008 for one that is too slow, 1009 for a message that is too large, 1011
   *     when this listener threw; 1005 when the client gave no code and 1006 when the connection
   *     was lost
   * @param reason empty for none
   */
  default void closed(WebSocket socket, int code, String reason) throws Exception {}
}
