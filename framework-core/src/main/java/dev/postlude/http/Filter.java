package dev.postlude.http;

/**
 * Code around a handler: it may answer itself, hand on a changed request, or change the response on
 * its way out.
 *
 * <p>Called on the thread of the handler that it surrounds, by many threads at once. An exception
 * that the handler threw has already become a response when the filter sees it, so that what a
 * filter adds stands on error responses too; an exception of the filter itself is mapped the same
 * way.
 */
@FunctionalInterface
public interface Filter {
  Response filter(Request request, Handler next) throws Exception;

  /** The handler seen through this filter. */
  default Handler around(Handler handler) {
    return request -> filter(request, handler);
  }
}
