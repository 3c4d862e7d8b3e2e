/**
 * The filters that come with the house, one a file: each is immutable, safe as it is made, and
 * changed by copies.
 *
 * <p>They see requests and responses only, and derive what they answer from what the handler
 * answered, so that its background tasks are kept. The first that is added is the outermost; in
 * this order each finds what it needs:
 *
 * <pre>{@code
 * routes.filter(TrustedProxies.of("10.0.0.0/8"));           // whose address, whether TLS: all others ask for that
 * routes.filter(AccessLog.create());
 * routes.filter(RequestIds.create());
 * routes.filter(SecurityHeaders.create());
 * routes.filter(Cors.origins("https://app.example.org"));   // before anything that refuses: preflights have no password
 * routes.filter(CsrfProtection.create());
 * routes.filter(ConcurrencyLimit.of(200));
 * routes.filter(BasicAuth.of("admin", Map.of("ada", password)));
 * routes.filter(Compression.gzip());
 * }</pre>
 */
package dev.postlude.filter;
