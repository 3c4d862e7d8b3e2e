package dev.postlude.routing;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import java.util.List;
import java.util.Optional;

/** Filters and a handler made into one handler, once, at start. */
final class Fold {
  private Fold() {}

  /**
   * The handler with the filters around it, the first outermost. The error boundary stands twice:
   * around the handler, so that filters see error responses too, and around the filters.
   */
  static Handler around(Handler handler, List<Filter> filters, ErrorBoundary boundary) {
    Handler folded =
        boundary.around(
            request -> {
              Optional<HttpException> refusal = request.refusal();
              if (refusal.isPresent()) {
                throw refusal.get();
              }
              return handler.handle(request);
            });
    if (filters.isEmpty()) {
      return folded;
    }
    for (int i = filters.size() - 1; i >= 0; i--) {
      folded = boundary.around(filters.get(i), folded);
    }
    return folded;
  }
}
