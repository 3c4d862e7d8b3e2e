package dev.postlude.http;

/**
 * A handler with what a server must know before it calls it.
 *
 * @param route the pattern it was registered under, such as {@code /users/{id}}; empty when no
 *     route matched
 * @param handler the handler, all filters and the error mapping folded around it: it throws nothing
 * @param onEventLoop whether it is called on the event loop, where it must not block
 * @param streaming whether it is called when the head is there and reads the body itself while it
 *     comes in
 * @param maxBody the largest request body in bytes, or {@link #SERVER_LIMIT}
 */
public record Endpoint(
    String route, Handler handler, boolean onEventLoop, boolean streaming, long maxBody) {
  /** Stands for the limit that the server was started with. */
  public static final long SERVER_LIMIT = -1;
}
