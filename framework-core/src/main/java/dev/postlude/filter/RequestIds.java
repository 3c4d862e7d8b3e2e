package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;

/**
 * Tells the client the request's id, in {@code X-Request-Id}: the one it sent, if that was a token
 * of up to 128 characters, else the one that was made here. The same id stands in the logs and in
 * the context of background tasks.
 */
public final class RequestIds implements Filter {
  private RequestIds() {}

  /** The filter; there is nothing to set. */
  public static RequestIds create() {
    return new RequestIds();
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    return next.handle(request).header("X-Request-Id", request.id());
  }
}
