package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.time.Duration;
import java.util.Locale;

/**
 * The headers by which a site tells browsers to be careful with it. A header that the handler has
 * set itself stays as it is.
 *
 * <p>Unless said otherwise: {@code X-Content-Type-Options: nosniff}; {@code Referrer-Policy:
 * strict-origin-when-cross-origin}; {@code X-Frame-Options: DENY} and {@code
 * Content-Security-Policy: frame-ancestors 'none'}, so that no page can frame this one; and, on
 * requests that came over TLS, {@code Strict-Transport-Security: max-age=31536000} (RFC 6797). A
 * policy that says where scripts may come from must be your own: {@link #contentSecurityPolicy}.
 */
public final class SecurityHeaders implements Filter {
  private static final Duration YEAR = Duration.ofDays(365);

  private final String referrerPolicy;
  private final String contentSecurityPolicy;
  private final boolean framedHere;
  private final String strictTransport;
  private final Headers headers;

  private SecurityHeaders(
      String referrerPolicy,
      String contentSecurityPolicy,
      boolean framedHere,
      String strictTransport) {
    this.referrerPolicy = referrerPolicy;
    this.contentSecurityPolicy = contentSecurityPolicy;
    this.framedHere = framedHere;
    this.strictTransport = strictTransport;
    this.headers =
        Headers.of(
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            referrerPolicy,
            "X-Frame-Options",
            framedHere ? "SAMEORIGIN" : "DENY",
            "Content-Security-Policy",
            policy(contentSecurityPolicy, framedHere));
  }

  /** The headers with the values above. */
  public static SecurityHeaders create() {
    return new SecurityHeaders("strict-origin-when-cross-origin", "", false, strictly(YEAR, false));
  }

  /** A copy with another {@code Referrer-Policy}, such as {@code no-referrer}. */
  public SecurityHeaders referrerPolicy(String policy) {
    return new SecurityHeaders(policy, contentSecurityPolicy, framedHere, strictTransport);
  }

  /**
   * A copy with another {@code Content-Security-Policy}, such as {@code default-src 'self'}. Where
   * it does not say {@code frame-ancestors}, that is added as told by {@link #framedBySameOrigin}.
   */
  public SecurityHeaders contentSecurityPolicy(String policy) {
    return new SecurityHeaders(referrerPolicy, policy, framedHere, strictTransport);
  }

  /** A copy that lets pages of the same origin frame this one. */
  public SecurityHeaders framedBySameOrigin() {
    return new SecurityHeaders(referrerPolicy, contentSecurityPolicy, true, strictTransport);
  }

  /**
   * A copy that makes browsers come over TLS only for this long, which cannot be taken back before.
   *
   * @param maxAge in whole seconds; zero makes them forget it
   * @param includeSubDomains whether that goes for all domains below this one as well
   */
  public SecurityHeaders strictTransport(Duration maxAge, boolean includeSubDomains) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("max-age is 0 seconds or more, not " + maxAge);
    }
    return new SecurityHeaders(
        referrerPolicy, contentSecurityPolicy, framedHere, strictly(maxAge, includeSubDomains));
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    boolean secure = request.secure();
    return next.handle(request).map(response -> guarded(response, secure));
  }

  private Response guarded(Response response, boolean secure) {
    Response guarded = response;
    for (int i = 0; i < headers.size(); i++) {
      guarded = withDefault(guarded, headers.name(i), headers.value(i));
    }
    return secure ? withDefault(guarded, "Strict-Transport-Security", strictTransport) : guarded;
  }

  private static Response withDefault(Response response, String name, String value) {
    return response.headers().contains(name) ? response : response.header(name, value);
  }

  private static String strictly(Duration maxAge, boolean includeSubDomains) {
    return "max-age=" + maxAge.toSeconds() + (includeSubDomains ? "; includeSubDomains" : "");
  }

  private static String policy(String own, boolean framedHere) {
    String frames = "frame-ancestors " + (framedHere ? "'self'" : "'none'");
    if (own.isBlank()) {
      return frames;
    }
    return own.toLowerCase(Locale.ROOT).contains("frame-ancestors") ? own : own + "; " + frames;
  }
}
