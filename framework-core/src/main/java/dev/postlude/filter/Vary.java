package dev.postlude.filter;

import dev.postlude.http.Response;

/** What caches must tell requests apart by: RFC 9110 section 12.5.5. */
final class Vary {
  private Vary() {}

  /** The response with a request header named in its {@code Vary}, once. */
  static Response on(String requestHeader, Response response) {
    boolean said =
        response.headers().lists("Vary", requestHeader) || response.headers().lists("Vary", "*");
    return said ? response : response.addHeader("Vary", requestHeader);
  }
}
