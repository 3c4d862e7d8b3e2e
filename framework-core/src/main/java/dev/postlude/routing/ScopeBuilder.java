package dev.postlude.routing;

import dev.postlude.http.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is to stand around the routes of an app or a group, while it is being written down. */
final class ScopeBuilder {
  private final List<Filter> filters = new ArrayList<>();
  private final Map<Class<? extends Throwable>, ErrorHandler<?>> errorHandlers = new HashMap<>();
  private final Map<Integer, StatusPage> statusPages = new HashMap<>();

  /** Adds a filter inside of those there are. */
  void filter(Filter filter) {
    filters.add(Objects.requireNonNull(filter, "filter"));
  }

  void onError(Class<? extends Throwable> type, ErrorHandler<?> handler) {
    Objects.requireNonNull(type, "an error handler needs a class of exceptions");
    Objects.requireNonNull(handler, "handler");
    if (errorHandlers.putIfAbsent(type, handler) != null) {
      throw new IllegalArgumentException(
          type.getName()
              + " has an error handler in this scope already: decide inside one of them");
    }
  }

  void onStatus(int status, StatusPage page) {
    Objects.requireNonNull(page, "page");
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "a status page is for an error, 400 to 599, not " + status + ": use a filter");
    }
    if (statusPages.putIfAbsent(status, page) != null) {
      throw new IllegalArgumentException(
          status + " has a page in this scope already: decide inside one of them");
    }
  }

  /** The scope, inside another one. */
  Scope inside(Scope outer) {
    return outer.inner(filters, errorHandlers, statusPages);
  }
}
