package dev.postlude.server;

import dev.postlude.http.Response;

/** What becomes of an HTTP/1.1 connection after a response: RFC 9112 section 9.3. */
enum Persistence {
  /** It goes on, of which the head says nothing. */
  IMPLIED,
  /** It goes on, of which an HTTP/1.0 client that asked for it is told. */
  KEEP_ALIVE,
  CLOSE;

  /**
   * Decides.
   *
   * @param followed whether the next request has been begun, so that it must go on
   * @param last whether there is a reason on our side to end it
   */
  static Persistence after(Incoming request, Response response, boolean followed, boolean last) {
    RequestHead head = request.head();
    boolean ends =
        last
            || !head.keepAlive()
            || !request.isWhole()
            || response.headers().contains("Connection")
            || (head.http10() && response.body().length() < 0);
    if (ends && !followed) {
      return CLOSE;
    }
    return head.http10() ? KEEP_ALIVE : IMPLIED;
  }
}
