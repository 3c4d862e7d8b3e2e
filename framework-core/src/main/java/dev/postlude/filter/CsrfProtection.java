package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses with 403 what a page of another site has a browser send that may change something: cross
 * site request forgery. The browser adds the user's cookies and passwords to such a request, so
 * that these do not show that the user meant it.
 *
 * <p>Decided by what browsers say by themselves and no page can change: {@code Sec-Fetch-Site}
 * (Fetch Metadata Request Headers, section 2.4), and where it is missing {@code Origin} (RFC 6454
 * section 7), which is to name the request's {@code Host}. No tokens, no state. Requests with
 * neither header come from no page and pass; so do {@code GET}, {@code HEAD} and {@code OPTIONS},
 * which therefore must not change anything. WebSockets look at the origin themselves.
 *
 * <p>Behind a proxy that changes {@code Host} it stands inside {@link TrustedProxies}.
 */
public final class CsrfProtection implements Filter {
  private static final Set<Method> SAFE = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);

  private final Set<String> origins;

  private CsrfProtection(Set<String> origins) {
    this.origins = origins;
  }

  /** Lets pages of the same origin, and what is no page. */
  public static CsrfProtection create() {
    return new CsrfProtection(Set.of());
  }

  /**
   * A copy that lets pages of these origins too, each spelt as browsers spell it: {@code
   * https://app.example.org}. Those which {@link Cors} lets send credentials belong here.
   */
  public CsrfProtection origins(String... origins) {
    return new CsrfProtection(
        Arrays.stream(origins).map(Cors::requireOrigin).collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    if (!SAFE.contains(request.method()) && !isFromHere(request)) {
      throw new HttpException(403, "pages of other sites may not send this");
    }
    return next.handle(request);
  }

  private boolean isFromHere(Request request) {
    String origin = request.header("Origin").orElse("");
    if (origins.contains(origin)) {
      return true;
    }
    String site = request.header("Sec-Fetch-Site").orElse("");
    if (!site.isEmpty()) {
      return site.equals("same-origin") || site.equals("none"); // none: the user's own doing
    }
    int scheme = origin.indexOf("://");
    return origin.isEmpty()
        || (scheme > 0
            && origin.substring(scheme + 3).equalsIgnoreCase(request.header("Host").orElse("")));
  }
}
