package dev.postlude.routing;

import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;

/** Calls of routes as a server makes them, without one, and what is to be called. */
final class Served {
  private Served() {}

  static Response call(Router router, Method method, String target) throws Exception {
    Match match = router.find(method, Request.pathOf(target));
    return match
        .endpoint()
        .handler()
        .handle(Request.of(method, target).routed(match.endpoint().route(), match.params()));
  }

  static Response get(String path, Routes.Body<RuntimeException> routes) throws Exception {
    return call(Router.of(routes), Method.GET, path);
  }

  /** A filter that notes who it is and what it saw. */
  static Filter naming(String name) {
    return (request, next) -> {
      Response response = next.handle(request);
      return response.map(known -> known.addHeader("Via", name + " saw " + known.status()));
    };
  }

  /** A handler that fails. */
  static Handler throwing(Exception error) {
    return request -> {
      throw error;
    };
  }
}
