package dev.postlude;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundService;
import dev.postlude.http.BodyOptions;
import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Router;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.server.ServerOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * An application: routes, filters and error handlers made into one handler, which a server can be
 * started with.
 *
 * <pre>{@code
 * App app = App.of(routes -> routes.get("/", request -> Response.text("hello")));
 * app.start(8080);
 * }</pre>
 *
 * <p>Immutable; safe for any thread, and for any number of servers at once.
 */
public final class App implements Handler {
  private static final Logger LOG = System.getLogger("dev.postlude");

  private final Router router;
  private final Endpoints endpoints;
  private final ServerOptions server;
  private final BackgroundOptions background;
  private final BodyOptions bodies;

  private App(
      Router router,
      Endpoints endpoints,
      ServerOptions server,
      BackgroundOptions background,
      BodyOptions bodies) {
    this.router = router;
    this.endpoints = endpoints;
    this.server = Objects.requireNonNull(server, "server");
    this.background = Objects.requireNonNull(background, "background");
    this.bodies = Objects.requireNonNull(bodies, "bodies");
  }

  /**
   * An app of the routes that are written down in the function, which is called at once and may
   * throw what it likes: opening a database there needs no {@code try}.
   *
   * @throws IllegalArgumentException when a pattern is malformed or two routes cannot be told apart
   */
  public static <E extends Exception> App of(Routes.Body<E> routes) throws E {
    Router router = Router.of(routes);
    return new App(
        router,
        router,
        ServerOptions.onPort(8080),
        BackgroundOptions.defaults(),
        BodyOptions.defaults());
  }

  /** A copy whose servers listen and limit as told. */
  public App with(ServerOptions options) {
    return new App(router, endpoints, options, background, bodies);
  }

  /** A copy whose background tasks are run, watched and bounded as told. */
  public App with(BackgroundOptions options) {
    return new App(router, endpoints, server, options, bodies);
  }

  /** A copy whose handlers read JSON, forms and multipart forms within other limits. */
  public App with(BodyOptions options) {
    return new App(router, endpoints, server, background, options);
  }

  /**
   * A copy with one service more beside it, such as a queue: started before its server listens,
   * stopped after its background tasks have been drained.
   */
  public App with(BackgroundService service) {
    return with(background.service(service));
  }

  /**
   * A copy with a filter around all of it: it sees every request that reached routing before any
   * filter of the routes does, and every answer after them, 404 included. An exception of its own
   * is answered with a bare 500.
   */
  public App with(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    Endpoints inner = endpoints;
    return new App(
        router,
        (method, path) -> inside(filter, inner.find(method, path)),
        server,
        background,
        bodies);
  }

  private static Endpoints.Match inside(Filter filter, Endpoints.Match match) {
    Endpoint inner = match.endpoint();
    Endpoint outer =
        new Endpoint(
            inner.route(),
            filter.around(inner.handler()),
            inner.onEventLoop() && !inner.route().isEmpty(), // the filter may block
            inner.streaming(),
            inner.maxBody());
    return new Endpoints.Match(outer, match.params());
  }

  private Endpoints endpoints() {
    return bodies.equals(BodyOptions.defaults())
        ? endpoints
        : (method, path) -> within(bodies, endpoints.find(method, path));
  }

  private static Endpoints.Match within(BodyOptions bodies, Endpoints.Match match) {
    Endpoint inner = match.endpoint();
    Endpoint outer =
        new Endpoint(
            inner.route(),
            request -> inner.handler().handle(request.with(bodies)),
            inner.onEventLoop(),
            inner.streaming(),
            inner.maxBody());
    return new Endpoints.Match(outer, match.params());
  }

  /** How its servers listen and limit. */
  public ServerOptions server() {
    return server;
  }

  /** How its background tasks are run. */
  public BackgroundOptions background() {
    return background;
  }

  /** How its handlers read bodies. */
  public BodyOptions bodies() {
    return bodies;
  }

  /**
   * Answers a request without a socket, on the calling thread: for tests and for apps inside apps.
   * What handlers and filters throw is answered as it is over a socket; the tasks of the response
   * are left to the caller.
   */
  @Override
  public Response handle(Request request) {
    Endpoints.Match match = endpoints().find(request.method(), request.path());
    Endpoint endpoint = match.endpoint();
    try {
      return endpoint.handler().handle(request.routed(endpoint.route(), match.params()));
    } catch (Exception e) { // a filter's that stands around all of it
      LOG.log(Level.ERROR, () -> "no answer could be made for request " + request.id(), e);
      return Response.text(500, "Internal Server Error");
    }
  }

  /**
   * Starts a server on a port, 0 for any free one, and returns once it listens.
   *
   * @throws dev.postlude.server.PortUnavailableException when the port is taken
   */
  public Server start(int port) {
    return with(server.port(port)).start();
  }

  /** Starts a server where its {@link ServerOptions} say, and returns once it listens. */
  public Server start() {
    BackgroundOptions told = background;
    for (BackgroundListener listener : router.listeners()) {
      told = told.listener(listener);
    }
    return Server.start(endpoints(), server, told);
  }
}
