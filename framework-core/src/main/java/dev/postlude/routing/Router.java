package dev.postlude.routing;

import dev.postlude.background.BackgroundListener;
import dev.postlude.http.Endpoints;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes of an app, fixed, each with its filters folded around it.
 *
 * <p>Immutable and safe for any thread.
 */
public final class Router implements Endpoints {
  private final PathTree tree;
  private final Scope scope;
  private final TrailingSlash trailingSlash;
  private final Match notFound;
  private final List<BackgroundListener> listeners;

  private Router(Routes routes) {
    this.tree = routes.tree();
    this.scope = routes.scope();
    this.trailingSlash = routes.trailingSlash();
    this.listeners = List.copyOf(routes.listeners());
    this.notFound = refusing(scope, new HttpException(404, "nothing is here"));
  }

  /**
   * The routes that were written down.
   *
   * @throws IllegalArgumentException when two of them cannot be told apart; the message names both
   *     places
   */
  public static <E extends Exception> Router of(Routes.Body<E> body) throws E {
    Routes routes = new Routes();
    body.write(routes);
    routes.close();
    return new Router(routes);
  }

  @Override
  public Match find(Method method, String path) {
    if (path.equals("*")) {
      return scope.answering(request -> Response.noContent());
    }
    Match literal = tree.findLiteral(method, path);
    if (literal != null) {
      return literal;
    }
    try {
      Map<Method, PathTree.Place> allowed = new LinkedHashMap<>(0);
      Match match = tree.walk(method, path, allowed);
      if (match != null) {
        return match;
      }
      if (allowed.isEmpty() && trailingSlash != TrailingSlash.STRICT) {
        match = atOtherSlash(method, path, allowed);
      }
      return match != null ? match : withoutRoute(method, allowed);
    } catch (HttpException e) {
      return refusing(scope, e);
    }
  }

  /** Who wants to be told of background tasks: the logs behind status resources. */
  public List<BackgroundListener> listeners() {
    return listeners;
  }

  private @Nullable Match atOtherSlash(
      Method method, String path, Map<Method, PathTree.Place> allowed) {
    String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
    if (other.isEmpty()) {
      return null;
    }
    Match match = tree.find(method, other, allowed);
    if (match == null || trailingSlash == TrailingSlash.IGNORE) {
      return match;
    }
    if (other.startsWith("//")) {
      return null; // as a location that would be another host
    }
    return scope.answering(
        request -> {
          String query = request.rawQuery();
          return Response.redirect(308, query.isEmpty() ? other : other + "?" + query);
        });
  }

  /**
   * Where a path has routes for other methods, the filters of their group stand around the answer:
   * it may be theirs to give. They find the parameters of the path there as they always do.
   */
  private Match withoutRoute(Method method, Map<Method, PathTree.Place> routed) {
    if (routed.isEmpty()) {
      return notFound;
    }
    PathTree.Place place = routed.values().iterator().next();
    Set<String> names = new TreeSet<>();
    routed.keySet().forEach(each -> names.add(each.name()));
    names.add(Method.OPTIONS.name());
    if (routed.containsKey(Method.GET)) {
      names.add(Method.HEAD.name());
    }
    String allow = names.stream().collect(Collectors.joining(", "));
    return method.equals(Method.OPTIONS)
        ? place
            .scope()
            .answering(place.params(), request -> Response.noContent().header("Allow", allow))
        : refusing(
            place, new HttpException(405, "use one of " + allow + " here").header("Allow", allow));
  }

  private static Match refusing(Scope scope, HttpException refusal) {
    return refusing(new PathTree.Place(scope, Params.ofPath()), refusal);
  }

  private static Match refusing(PathTree.Place place, HttpException refusal) {
    return place
        .scope()
        .answering(
            place.params(),
            request -> {
              throw refusal;
            });
  }
}
