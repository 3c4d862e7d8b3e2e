package dev.postlude.http;

/**
 * Which endpoint answers a request: asked once a request's head is there and before its body is
 * read, so that limits and the thread to run on are the route's own.
 */
@FunctionalInterface
public interface Endpoints {
  /**
   * The endpoint for a method and a path. There always is one: not found, wrong method and
   * malformed paths have endpoints too, whose handlers answer 404, 405 and 400.
   *
   * <p>Called on an event loop; does not block, throws nothing.
   *
   * @param path the path as received, still percent-encoded
   */
  Match find(Method method, String path);

  /**
   * An endpoint and what the path said.
   *
   * @param params the path parameters, decoded
   */
  record Match(Endpoint endpoint, Params params) {}
}
