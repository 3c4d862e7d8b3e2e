package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.App;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsrfProtectionTest {
  private static final CsrfProtection DEFAULTS = CsrfProtection.create();

  private static int status(CsrfProtection filter, String method, String site, String origin)
      throws Exception {
    App app =
        App.of(
            routes -> {
              routes.filter(filter);
              routes.route(Method.of(method), "/", request -> Response.text("done"));
            });
    Request request = Request.of(Method.of(method), "/").header("Host", "shop.example:8080");
    if (site != null) {
      request = request.header("Sec-Fetch-Site", site);
    }
    if (origin != null) {
      request = request.header("Origin", origin);
    }
    return InMemory.known(app.handle(request)).status();
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, https://shop.example:8080, 200",
    "none, , 200", // a bookmarklet, the address bar
    "cross-site, https://evil.example, 403",
    "cross-site, , 403",
    "cross-site, null, 403",
    "same-site, https://blog.example, 403",
    "cross-site, https://shop.example:8080, 403", // never sent; the stricter of the two holds
    "same-origin, null, 200", // a page that sends no referrer
  })
  void whatTheBrowserSaysOfTheSiteDecides(String site, String origin, int status) throws Exception {
    assertThat(status(DEFAULTS, "POST", site, origin)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "http://shop.example:8080, 200",
    "https://SHOP.example:8080, 200", // behind a proxy that does the TLS
    "http://shop.example, 403",
    "http://shop.example:8080.evil.example, 403",
    "http://evil.example, 403",
    "shop.example:8080, 403",
    "null, 403",
  })
  void withoutThatTheOriginIsToNameTheHost(String origin, int status) throws Exception {
    assertThat(status(DEFAULTS, "POST", null, origin)).isEqualTo(status);
  }

  @Test
  void whatIsNoPagePasses() throws Exception {
    assertThat(status(DEFAULTS, "POST", null, null)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  void whatChangesNothingPasses(String method) throws Exception {
    assertThat(status(DEFAULTS, method, "cross-site", "http://evil.example")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "PURGE"})
  void whatMayChangeSomethingDoesNot(String method) throws Exception {
    assertThat(status(DEFAULTS, method, "cross-site", "http://evil.example")).isEqualTo(403);
  }

  @Test
  void namedOriginsPass() throws Exception {
    CsrfProtection filter = DEFAULTS.origins("https://app.example", "http://localhost:3000");
    assertThat(status(filter, "POST", "cross-site", "https://app.example")).isEqualTo(200);
    assertThat(status(filter, "POST", null, "http://localhost:3000")).isEqualTo(200);
    assertThat(status(filter, "POST", "cross-site", "https://evil.example")).isEqualTo(403);
    assertThat(status(filter, "POST", "same-origin", "https://shop.example:8080")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "null", "https://app.example/", "app.example"})
  void whatIsNoOriginIsRefused(String origin) {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.origins(origin));
  }
}
