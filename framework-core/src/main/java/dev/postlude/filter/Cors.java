package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Lets scripts of other origins read the responses: the Fetch standard, section 3.3. Without it
 * browsers let those of the same origin only.
 *
 * <p>Preflights (an {@code OPTIONS} by which a browser asks beforehand) are answered here, with 204
 * and what is allowed, on every path that the filter stands around: add it to the app, not to a
 * single route. A request from an origin that is not allowed is handled all the same, and its
 * response is not readable for the script: this protects users of browsers, not the server.
 *
 * <p>Unless said otherwise: {@code GET}, {@code HEAD}, {@code POST}, {@code PUT}, {@code PATCH} and
 * {@code DELETE}; no header of the request but {@code Content-Type}; no credentials (cookies,
 * passwords); no header of the response but the harmless ones; browsers remember a preflight for 10
 * minutes.
 */
public final class Cors implements Filter {
  private static final String ANY = "*";
  private static final Set<String> FORBIDDEN_METHODS = Set.of("CONNECT", "TRACE", "TRACK");

  private final Predicate<String> origins;
  private final boolean any;
  private final boolean credentials;
  private final String methods;
  private final String headers;
  private final String exposed;
  private final Duration maxAge;

  private Cors(
      Predicate<String> origins,
      boolean any,
      boolean credentials,
      String methods,
      String headers,
      String exposed,
      Duration maxAge) {
    this.origins = origins;
    this.any = any;
    this.credentials = credentials;
    this.methods = methods;
    this.headers = headers;
    this.exposed = exposed;
    this.maxAge = maxAge;
    if (any && credentials) {
      throw new IllegalArgumentException(
          "credentials for any origin would hand your users' data to every site, and browsers refuse"
              + " it: name the origins, Cors.origins(\"https://app.example.org\")");
    }
  }

  private static Cors of(Predicate<String> origins, boolean any) {
    return new Cors(
        origins,
        any,
        false,
        "GET, HEAD, POST, PUT, PATCH, DELETE",
        "Content-Type",
        "",
        Duration.ofMinutes(10));
  }

  /**
   * Lets these origins, each spelt as browsers spell it: {@code https://app.example.org}, {@code
   * http://localhost:3000}.
   */
  public static Cors origins(String... origins) {
    if (origins.length == 0) {
      throw new IllegalArgumentException("name an origin, or say Cors.anyOrigin()");
    }
    if (List.of(origins).contains(ANY)) {
      throw new IllegalArgumentException("for any origin say Cors.anyOrigin()");
    }
    Set<String> allowed =
        Arrays.stream(origins).map(Cors::requireOrigin).collect(Collectors.toUnmodifiableSet());
    return of(allowed::contains, false);
  }

  /**
   * Lets the origins for which a test holds, such as all hosts of a domain. Test the whole of it:
   * {@code Pattern.compile("https://[a-z0-9-]+\\.example\\.org").asMatchPredicate()}.
   */
  public static Cors originsLike(Predicate<String> test) {
    return of(Objects.requireNonNull(test, "test"), false);
  }

  /** Lets every origin, for what everybody may read. */
  public static Cors anyOrigin() {
    return of(origin -> true, true);
  }

  /** A copy that lets requests carry the user's cookies and passwords, if true. */
  public Cors credentials(boolean allowed) {
    return new Cors(origins, any, allowed, methods, headers, exposed, maxAge);
  }

  /** A copy that lets these methods instead of the usual ones. */
  public Cors methods(Method... allowed) {
    for (Method method : allowed) {
      if (FORBIDDEN_METHODS.contains(method.name())) {
        throw new IllegalArgumentException("browsers send no " + method + ": leave it out");
      }
    }
    String names = Arrays.stream(allowed).map(Method::name).collect(Collectors.joining(", "));
    return new Cors(origins, any, credentials, names, headers, exposed, maxAge);
  }

  /**
   * A copy that lets requests carry these headers: {@code headers("Content-Type",
   * "Authorization")}.
   */
  public Cors headers(String... allowed) {
    return new Cors(origins, any, credentials, methods, requireNames(allowed), exposed, maxAge);
  }

  /** A copy that lets scripts read these headers of responses. */
  public Cors expose(String... names) {
    return new Cors(origins, any, credentials, methods, headers, requireNames(names), maxAge);
  }

  /**
   * A copy that lets browsers remember a preflight for this long, in whole seconds; they have
   * bounds of their own.
   */
  public Cors maxAge(Duration maxAge) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException(
          "a preflight is remembered for 0 seconds or more, not " + maxAge);
    }
    return new Cors(origins, any, credentials, methods, headers, exposed, maxAge);
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    String origin = request.header("Origin").orElse("");
    if (isPreflight(request, origin)) {
      return preflight(origin);
    }
    return next.handle(request).map(response -> readable(response, origin));
  }

  private static boolean isPreflight(Request request, String origin) {
    return request.method().equals(Method.OPTIONS)
        && !origin.isEmpty()
        && request.headers().contains("Access-Control-Request-Method");
  }

  private Response preflight(String origin) {
    Response answer =
        Vary.on(
            "Access-Control-Request-Headers",
            Vary.on("Access-Control-Request-Method", allowing(Response.noContent(), origin)));
    if (!allows(origin)) {
      return answer;
    }
    answer = withList(answer, "Access-Control-Allow-Methods", methods);
    return withList(answer, "Access-Control-Allow-Headers", headers)
        .header("Access-Control-Max-Age", Long.toString(maxAge.toSeconds()));
  }

  private Response readable(Response response, String origin) {
    Response readable = allowing(response, origin);
    return allows(origin) ? withList(readable, "Access-Control-Expose-Headers", exposed) : readable;
  }

  private Response allowing(Response response, String origin) {
    if (any) {
      return response.header("Access-Control-Allow-Origin", ANY);
    }
    Response varying = Vary.on("Origin", response);
    if (!allows(origin)) {
      return varying;
    }
    Response allowed = varying.header("Access-Control-Allow-Origin", origin);
    return credentials ? allowed.header("Access-Control-Allow-Credentials", "true") : allowed;
  }

  /** {@code null} is what pages without an origin send, such as a sandboxed frame of any site. */
  private boolean allows(String origin) {
    return any || (!origin.isEmpty() && !origin.equals("null") && origins.test(origin));
  }

  private static Response withList(Response response, String name, String list) {
    return list.isEmpty() ? response : response.header(name, list);
  }

  private static String requireNames(String... names) {
    Collection<String> all = List.of(names);
    if (all.contains(ANY)) {
      throw new IllegalArgumentException(
          "name the headers: browsers do not take * for all of them where credentials are sent");
    }
    all.forEach(name -> Headers.of(name, ""));
    return String.join(", ", all);
  }

  /** An origin as browsers spell it. */
  static String requireOrigin(String origin) {
    if (origin.equals("null")) {
      throw new IllegalArgumentException(
          "the origin null is that of any sandboxed frame on any site: name real origins");
    }
    if (!origin.matches("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?")) {
      throw new IllegalArgumentException(
          "an origin is scheme://host or scheme://host:port in lower case, without a slash at its"
              + " end: '"
              + origin.toLowerCase(Locale.ROOT)
              + "'");
    }
    if ((origin.startsWith("https:") && origin.endsWith(":443"))
        || (origin.startsWith("http:") && origin.endsWith(":80"))) {
      throw new IllegalArgumentException(
          "browsers leave out a scheme's own port: '"
              + origin.substring(0, origin.lastIndexOf(':'))
              + "'");
    }
    return origin;
  }
}
