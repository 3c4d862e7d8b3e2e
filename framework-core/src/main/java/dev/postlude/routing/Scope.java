package dev.postlude.routing;

import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What stands around the routes of an app or a group, that of the groups around it included.
 *
 * @param filters the first is the outermost
 */
record Scope(List<Filter> filters, ErrorBoundary boundary) {
  Scope {
    filters = List.copyOf(filters);
  }

  /** Around which there is nothing. */
  static Scope outermost() {
    return new Scope(List.of(), new ErrorBoundary(Map.of(), Map.of()));
  }

  /** A scope inside this one. */
  Scope inner(
      List<Filter> ownFilters,
      Map<Class<? extends Throwable>, ErrorHandler<?>> ownHandlers,
      Map<Integer, StatusPage> ownPages) {
    List<Filter> all = new ArrayList<>(filters);
    all.addAll(ownFilters);
    return new Scope(all, ErrorBoundary.inside(boundary, ownHandlers, ownPages));
  }

  /** The handler with all of this around it, and between them the filters of its route. */
  Handler around(Handler handler, List<Filter> ofRoute) {
    List<Filter> all = new ArrayList<>(filters);
    all.addAll(ofRoute);
    return Fold.around(handler, all, boundary);
  }

  /**
   * An endpoint of our own in here. Nothing in it blocks unless a filter or an error handler does.
   */
  Match answering(Handler handler) {
    return answering(Params.ofPath(), handler);
  }

  /** The same for a path of which there are parameters to read. */
  Match answering(Params params, Handler handler) {
    boolean ownCodeOnly = filters.isEmpty() && boundary.isPlain();
    Endpoint endpoint =
        new Endpoint("", around(handler, List.of()), ownCodeOnly, false, Endpoint.SERVER_LIMIT);
    return new Match(endpoint, params);
  }
}
