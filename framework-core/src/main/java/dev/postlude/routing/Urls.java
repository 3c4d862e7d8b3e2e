package dev.postlude.routing;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The paths of named routes, the other way round: {@code urls.to("user", 7)} is {@code /users/7}
 * for {@code routes.get("/users/{id}", ...).named("user")}.
 *
 * <p>Thread-safe. Names are there once the app is made.
 */
public final class Urls {
  private final Map<String, PathPattern> byName = new ConcurrentHashMap<>();

  Urls() {}

  void add(String name, Route route) {
    if (byName.putIfAbsent(name, route.pattern()) != null) {
      throw new IllegalArgumentException(
          "two routes are named '" + name + "', the second is " + route);
    }
  }

  /**
   * The path of a named route.
   *
   * @param values of its parameters, from left to right; they are percent-encoded
   * @throws IllegalArgumentException when no route has that name, or the values do not fit
   */
  public String to(String name, Object... values) {
    PathPattern pattern = byName.get(name);
    if (pattern == null) {
      throw new IllegalArgumentException(
          "no route is named '" + name + "', only " + byName.keySet());
    }
    return pattern.path(Arrays.stream(values).map(String::valueOf).toList());
  }
}
