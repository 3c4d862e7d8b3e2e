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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final List<Filter> filters = new ArrayList<>();
  private final Map<Class<? extends Throwable>, ErrorHandler<?>> errorHandlers = new HashMap<>();
  private final Map<Integer, StatusPage> statusPages = new HashMap<>();
  private final List<TaskStatusResource> taskStatuses = new ArrayList<>(0);
  private final Settings settings;

  /** What holds for all scopes of one app. */
  private static final class Settings {
    TrailingSlash trailingSlash = TrailingSlash.IGNORE;
    boolean frozen;
    final List<BackgroundListener> listeners = new ArrayList<>(0);
    final Urls urls = new Urls();
    final Map<String, ParamType> types = new LinkedHashMap<>(ParamType.builtIn());
  }

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
    requireOpen();
    Objects.requireNonNull(method, "a route needs a method: Method.GET");
    Objects.requireNonNull(handler, "handler");
    Route route =
        new Route(
            this::requireOpen,
            method,
            PathPattern.parse(prefix + requirePath(pattern), settings.types),
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
    requireOpen();
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
    requireOpen();
    filters.add(Objects.requireNonNull(filter, "filter"));
  }

  /**
   * Maps exceptions of a class, and of its subclasses that have no handler nearer to them, to
   * responses.
   */
  public <E extends Throwable> void onError(Class<E> type, ErrorHandler<? super E> handler) {
    requireOpen();
    Objects.requireNonNull(type, "an error handler needs a class of exceptions");
    Objects.requireNonNull(handler, "handler");
    if (errorHandlers.putIfAbsent(type, handler) != null) {
      throw new IllegalArgumentException(
          type.getName()
              + " has an error handler in this scope already: decide inside one of them");
    }
  }

  /**
   * Gives error responses of a status a page of their own, wherever in this scope they come up:
   * {@code routes.onStatus(404, (request, response) -> Response.html(404, "..."))}. An app's own
   * pages answer for paths without a route too.
   *
   * @param status 400 to 599
   */
  public void onStatus(int status, StatusPage page) {
    requireOpen();
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
    requireOpen();
    Objects.requireNonNull(directory, "directory");
    String whole = prefix + requirePath(path);
    if (whole.contains("{") || whole.endsWith("/")) {
      throw new IllegalArgumentException(
          "the status of tasks has a fixed path, without parameters and without a slash at its end: '"
              + whole
              + "'");
    }
    TaskStatusResource resource = new TaskStatusResource(whole, directory);
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
    requireOpen();
    Objects.requireNonNull(listener, "listener");
    if (!settings.listeners.contains(listener)) {
      settings.listeners.add(listener);
    }
  }

  /** The paths of named routes, for handlers to make links with. */
  public Urls urls() {
    return settings.urls;
  }

  /**
   * Adds a type for parameters, for routes written after it: {@code routes.paramType("isbn",
   * Isbn::isValid)} makes {@code /books/{id:isbn}} match only what the predicate accepts.
   *
   * @param name letters only
   * @param accepts called on an event loop with the decoded value: it must not block
   */
  public void paramType(String name, Predicate<String> accepts) {
    requireOpen();
    Objects.requireNonNull(accepts, "accepts");
    if (!name.matches("[A-Za-z]+")) {
      throw new IllegalArgumentException(
          "a parameter type's name is made of letters only: '" + name + "'");
    }
    if (settings.types.putIfAbsent(name, ParamType.own(name, accepts)) != null) {
      throw new IllegalArgumentException("there is a parameter type '" + name + "' already");
    }
  }

  /**
   * Decides what a slash at the end of a path means, for the whole app; {@link
   * TrailingSlash#IGNORE} unless said otherwise.
   */
  public void trailingSlash(TrailingSlash policy) {
    requireOpen();
    settings.trailingSlash = Objects.requireNonNull(policy, "policy");
  }

  /** Ends the time for registering; an attempt to do so later is told. */
  void close() {
    settings.frozen = true;
  }

  /** What stands around everything. */
  Scope scope() {
    return inside(Scope.outermost());
  }

  private Scope inside(Scope outer) {
    return outer.inner(filters, errorHandlers, statusPages);
  }

  List<BackgroundListener> listeners() {
    return settings.listeners;
  }

  TrailingSlash trailingSlash() {
    return settings.trailingSlash;
  }

  /** All routes of this scope and of the groups in it, as a tree. */
  PathTree tree() {
    PathTree tree = new PathTree();
    plant(tree, scope(), List.of());
    return tree;
  }

  private void plant(PathTree tree, Scope scope, List<TaskStatusResource> around) {
    List<TaskStatusResource> nearestFirst = new ArrayList<>(taskStatuses);
    nearestFirst.addAll(around);
    for (Route route : routes) {
      tree.add(route, route.endpoint(scope, nearestFirst), scope);
      String name = route.name();
      if (name != null) {
        settings.urls.add(name, route);
      }
    }
    groups.forEach(group -> group.plant(tree, group.inside(scope), nearestFirst));
  }

  private void requireOpen() {
    if (settings.frozen) {
      throw new IllegalStateException(
          "the app has been made and its routes are fixed: register them inside App.of(routes -> ...)");
    }
  }

  private static String requirePath(String path) {
    Objects.requireNonNull(path, "a path may not be null; the shortest is \"/\"");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: '" + path + "'");
    }
    return path;
  }
}
