package dev.postlude.routing;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.TaskDirectory;
import dev.postlude.background.TaskLog;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Method;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocketHandshake;
import dev.postlude.http.WebSocketListener;
import dev.postlude.http.WebSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Where routes are written down. It lives while the app is being made: {@code App.of(routes ->
 * routes.get("/", ...))}; afterwards it refuses more.
 *
 * <p>The order of registration does not matter: a more particular pattern wins over a more general
 * one, and a filter stands around all routes of its scope, whether written before or after them.
 *
 * <p>Not thread-safe.
 */
public final class Routes {
  private final String prefix;
  private final List<Route> routes = new ArrayList<>();
  private final List<Routes> groups = new ArrayList<>();
  private final ScopeBuilder scope = new ScopeBuilder();
  private final List<TaskStatusResource> taskStatuses = new ArrayList<>(0);
  private final Settings settings;

  private Routes(String prefix, Settings settings) {
    this.prefix = prefix;
    this.settings = settings;
  }

  Routes() {
    this("", new Settings());
  }

  /**
   * The routes of an app, of a group or of a part kept elsewhere.
   *
   * @param <E> what writing them down may throw
   */
  @FunctionalInterface
  public interface Body<E extends Exception> {
    /** Writes the routes down. Called once, at once, on the thread of the caller. */
    void write(Routes routes) throws E;
  }

  /** Answers {@code GET}, and {@code HEAD} with the same headers and no content. */
  public Route get(String pattern, Handler handler) {
    return route(Method.GET, pattern, handler);
  }

  public Route post(String pattern, Handler handler) {
    return route(Method.POST, pattern, handler);
  }

  public Route put(String pattern, Handler handler) {
    return route(Method.PUT, pattern, handler);
  }

  public Route patch(String pattern, Handler handler) {
    return route(Method.PATCH, pattern, handler);
  }

  public Route delete(String pattern, Handler handler) {
    return route(Method.DELETE, pattern, handler);
  }

  /** Answers {@code HEAD} otherwise than the route for {@code GET} would. */
  public Route head(String pattern, Handler handler) {
    return route(Method.HEAD, pattern, handler);
  }

  /** Answers {@code OPTIONS} otherwise than with the methods that the path knows. */
  public Route options(String pattern, Handler handler) {
    return route(Method.OPTIONS, pattern, handler);
  }

  /**
   * Opens WebSockets with the default options, as {@link #webSocket(String, WebSocketOptions,
   * WebSocketListener.Source)} does.
   */
  public Route webSocket(String pattern, WebSocketListener.Source source) {
    return webSocket(pattern, WebSocketOptions.defaults(), source);
  }

  /**
   * Opens a WebSocket for each {@code GET} that asks for one: {@code webSocket("/chat/{room}",
   * options, request -> new Chat(request.param("room")))}. Filters stand around it as around any
   * route, and may refuse; a request that asks for no WebSocket is answered with 426. By HTTP/1.1
   * only.
   */
  public Route webSocket(
      String pattern, WebSocketOptions options, WebSocketListener.Source source) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(source, "source");
    return get(
        pattern,
        request ->
            Response.webSocket(WebSocketHandshake.of(request, options), source.listen(request)));
  }

  /**
   * Answers a method on the paths of a pattern: {@code /users/{id}}, {@code /files/{path...}}.
   *
   * @throws IllegalArgumentException when the pattern is malformed, or the same route stands
   *     already
   */
  public Route route(Method method, String pattern, Handler handler) {
    settings.requireOpen();
    Objects.requireNonNull(method, "a route needs a method: Method.GET");
    Objects.requireNonNull(handler, "handler");
    Route route =
        new Route(
            settings::requireOpen,
            method,
            PathPattern.parse(prefix + requirePath(pattern), settings.paramTypes()),
            handler,
            CallSite.ofCaller());
    routes.add(route);
    return route;
  }

  /**
   * Writes routes under a prefix, with filters and error handlers of their own. A prefix may hold
   * parameters, and the body of a group may be any method that takes {@code Routes}, which is how a
   * part of an app is kept elsewhere: {@code routes.group("/shop", Shop::routes)}.
   */
  public <E extends Exception> void group(String prefix, Body<E> body) throws E {
    settings.requireOpen();
    Objects.requireNonNull(body, "body");
    if (requirePath(prefix).endsWith("/")) {
      throw new IllegalArgumentException(
          "a group's prefix has no slash at its end, its routes begin with one: '" + prefix + "'");
    }
    Routes group = new Routes(this.prefix + prefix, settings);
    body.write(group);
    groups.add(group);
  }

  /**
   * Adds a filter around every route of this scope, and around what is answered on their paths to
   * other methods: 405, {@code OPTIONS}. The first added is the outermost; an app's own stand
   * around 404 too.
   */
  public void filter(Filter filter) {
    settings.requireOpen();
    scope.filter(filter);
  }

  /**
   * Maps exceptions of a class, and of its subclasses that have no handler nearer to them, to
   * responses.
   */
  public <E extends Throwable> void onError(Class<E> type, ErrorHandler<? super E> handler) {
    settings.requireOpen();
    scope.onError(type, handler);
  }

  /**
   * Gives error responses of a status a page of their own, wherever in this scope they come up:
   * {@code routes.onStatus(404, (request, response) -> Response.html(404, "..."))}. An app's own
   * pages answer for paths without a route too.
   *
   * @param status 400 to 599
   */
  public void onStatus(int status, StatusPage page) {
    settings.requireOpen();
    scope.onStatus(status, page);
  }

  /**
   * Serves how far accepted work of this process is, as {@link #taskStatus(String, TaskDirectory)}
   * does with a {@link TaskLog} of its own.
   */
  public void taskStatus(String path) {
    taskStatus(path, TaskLog.create());
  }

  /**
   * Serves how far accepted work is: {@code GET path/{id}} answers with JSON for the id of every
   * {@code Response.accepted(task)} of this scope that the directory knows, and {@code Location}
   * points there; with 303 to {@code path/{id}/result} once there is a result; with 404 for an id
   * that is unknown or has been forgotten.
   *
   * @param path where, without a slash at its end and without parameters; filters of this scope
   *     stand around it
   * @param directory a {@link TaskLog} for tasks of this process, or a queue for those it has
   *     stored
   */
  public void taskStatus(String path, TaskDirectory directory) {
    settings.requireOpen();
    TaskStatusResource resource = TaskStatusResource.at(prefix + requirePath(path), directory);
    taskStatuses.add(resource);
    resource.listener().ifPresent(this::listener);
    get(path + "/{id}", resource::status);
    get(path + "/{id}/result", resource::result);
  }

  /**
   * Has a listener told of all background tasks of the app: for a part of an app, mounted with a
   * group, that shows what they do. An app itself says {@code BackgroundOptions.listener(...)}.
   */
  public void listener(BackgroundListener listener) {
    settings.requireOpen();
    settings.listener(listener);
  }

  /** The paths of named routes, for handlers to make links with. */
  public Urls urls() {
    return settings.urls();
  }

  /**
   * Adds a type for parameters, for routes written after it: {@code routes.paramType("isbn",
   * Isbn::isValid)} makes {@code /books/{id:isbn}} match only what the predicate accepts.
   *
   * @param name letters only
   * @param accepts called on an event loop with the decoded value: it must not block
   */
  public void paramType(String name, Predicate<String> accepts) {
    settings.requireOpen();
    settings.paramType(name, accepts);
  }

  /**
   * Decides what a slash at the end of a path means, for the whole app; {@link
   * TrailingSlash#IGNORE} unless said otherwise.
   */
  public void trailingSlash(TrailingSlash policy) {
    settings.requireOpen();
    settings.trailingSlash(policy);
  }

  /** Ends the time for registering; an attempt to do so later is told. */
  void close() {
    settings.close();
  }

  /** What stands around everything. */
  Scope scope() {
    return scope.inside(Scope.outermost());
  }

  List<BackgroundListener> listeners() {
    return settings.listeners();
  }

  TrailingSlash trailingSlash() {
    return settings.trailingSlash();
  }

  /** All routes of this scope and of the groups in it, as a tree. */
  PathTree tree() {
    PathTree tree = new PathTree();
    plant(tree, Scope.outermost(), List.of());
    return tree;
  }

  private void plant(PathTree tree, Scope outer, List<TaskStatusResource> around) {
    Scope here = scope.inside(outer);
    List<TaskStatusResource> nearestFirst = new ArrayList<>(taskStatuses);
    nearestFirst.addAll(around);
    for (Route route : routes) {
      tree.add(route, route.endpoint(here, nearestFirst), here);
      String name = route.name();
      if (name != null) {
        settings.urls().add(name, route);
      }
    }
    groups.forEach(group -> group.plant(tree, here, nearestFirst));
  }

  private static String requirePath(String path) {
    Objects.requireNonNull(path, "a path may not be null; the shortest is \"/\"");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: '" + path + "'");
    }
    return path;
  }
}
