package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.later;
import static dev.postlude.filter.InMemory.names;
import static dev.postlude.filter.InMemory.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityHeadersTest {
  private static final SecurityHeaders DEFAULTS = SecurityHeaders.create();
  private static final Handler HELLO = request -> Response.of(200).background("t", () -> {});
  private static final Request PLAIN = Request.get("/");
  private static final Request OVER_TLS = PLAIN.from(PLAIN.remote(), true);

  @Test
  void theDefaultsAreCareful() throws Exception {
    Response response = answer(DEFAULTS, PLAIN, HELLO);

    assertThat(response.headers())
        .hasToString(
            """
            X-Content-Type-Options: nosniff
            Referrer-Policy: strict-origin-when-cross-origin
            X-Frame-Options: DENY
            Content-Security-Policy: frame-ancestors 'none'
            """);
    assertThat(tasks(response)).containsExactly("t");
  }

  @Test
  void tlsIsInsistedOnByThoseWhoHaveItOnly() throws Exception {
    assertThat(header(answer(DEFAULTS, OVER_TLS, HELLO), "Strict-Transport-Security"))
        .isEqualTo("max-age=31536000");
    assertThat(names(answer(DEFAULTS, PLAIN, HELLO))).doesNotContain("Strict-Transport-Security");
    SecurityHeaders stricter = DEFAULTS.strictTransport(Duration.ofDays(730), true);
    assertThat(header(answer(stricter, OVER_TLS, HELLO), "Strict-Transport-Security"))
        .isEqualTo("max-age=63072000; includeSubDomains");
  }

  @Test
  void whatTheHandlerSaysStays() throws Exception {
    Handler own =
        request ->
            Response.of(200)
                .header("content-security-policy", "default-src 'self'")
                .header("Referrer-Policy", "no-referrer")
                .header("Strict-Transport-Security", "max-age=0");

    Response response = answer(DEFAULTS, OVER_TLS, own);

    assertThat(header(response, "Content-Security-Policy")).isEqualTo("default-src 'self'");
    assertThat(header(response, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(response, "Strict-Transport-Security")).isEqualTo("max-age=0");
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          default-src 'self'                             | default-src 'self'; frame-ancestors 'none'
          default-src 'self'; frame-ancestors https://b  | default-src 'self'; frame-ancestors https://b
          Frame-Ancestors 'self'                         | Frame-Ancestors 'self'
          """)
  void aPolicyOfOnesOwnIsCompletedOnlyWhereItIsSilent(String own, String sent) throws Exception {
    Response response = answer(DEFAULTS.contentSecurityPolicy(own), PLAIN, HELLO);

    assertThat(header(response, "Content-Security-Policy")).isEqualTo(sent);
  }

  @Test
  void theSameOriginMayFrameWhereThatIsSaid() throws Exception {
    Response response = answer(DEFAULTS.framedBySameOrigin(), PLAIN, HELLO);

    assertThat(header(response, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
    assertThat(header(response, "Content-Security-Policy")).isEqualTo("frame-ancestors 'self'");
  }

  @Test
  void copiesChangeOneThing() throws Exception {
    SecurityHeaders own =
        DEFAULTS
            .framedBySameOrigin()
            .contentSecurityPolicy("default-src 'none'")
            .referrerPolicy("no-referrer")
            .strictTransport(Duration.ZERO, false);

    assertThat(answer(own, OVER_TLS, HELLO).headers())
        .hasToString(
            """
            X-Content-Type-Options: nosniff
            Referrer-Policy: no-referrer
            X-Frame-Options: SAMEORIGIN
            Content-Security-Policy: default-src 'none'; frame-ancestors 'self'
            Strict-Transport-Security: max-age=0
            """);
  }

  @Test
  void errorsAndAnswersToComeHaveThemToo() throws Exception {
    Handler failing =
        request -> {
          throw new IllegalStateException("expected by this test");
        };

    assertThat(header(answer(DEFAULTS, PLAIN, failing), "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(answer(DEFAULTS, PLAIN, later(HELLO)), "X-Frame-Options")).isEqualTo("DENY");
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatThrownBy(() -> DEFAULTS.contentSecurityPolicy("default-src 'self'\nX: y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("control character");
    assertThatThrownBy(() -> DEFAULTS.strictTransport(Duration.ofSeconds(-1), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 seconds or more");
  }
}
