package dev.postlude.routing;

import dev.postlude.background.BackgroundListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** What holds for all scopes of one app while its routes are written down. */
final class Settings {
  private final List<BackgroundListener> listeners = new ArrayList<>(0);
  private final Map<String, ParamType> paramTypes = new LinkedHashMap<>(ParamType.builtIn());
  private final Urls urls = new Urls();
  private TrailingSlash trailingSlash = TrailingSlash.IGNORE;
  private boolean closed;

  /** Ends the time for registering. */
  void close() {
    closed = true;
  }

  /** Refuses what comes after that. */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the app has been made and its routes are fixed: register them inside App.of(routes -> ...)");
    }
  }

  void listener(BackgroundListener listener) {
    Objects.requireNonNull(listener, "listener");
    if (!listeners.contains(listener)) {
      listeners.add(listener);
    }
  }

  List<BackgroundListener> listeners() {
    return listeners;
  }

  void paramType(String name, Predicate<String> accepts) {
    Objects.requireNonNull(accepts, "accepts");
    if (!name.matches("[A-Za-z]+")) {
      throw new IllegalArgumentException(
          "a parameter type's name is made of letters only: '" + name + "'");
    }
    if (paramTypes.putIfAbsent(name, ParamType.own(name, accepts)) != null) {
      throw new IllegalArgumentException("there is a parameter type '" + name + "' already");
    }
  }

  /** The types that parameters may have, by name. */
  Map<String, ParamType> paramTypes() {
    return paramTypes;
  }

  void trailingSlash(TrailingSlash policy) {
    trailingSlash = Objects.requireNonNull(policy, "policy");
  }

  TrailingSlash trailingSlash() {
    return trailingSlash;
  }

  Urls urls() {
    return urls;
  }
}
