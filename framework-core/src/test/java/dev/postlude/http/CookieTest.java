package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.Cookie.SameSite;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {
  private static final Cookie COOKIE = Cookie.of("id", "a1");

  static Stream<Arguments> fields() {
    return Stream.of(
        field(c -> c, "id=a1; Path=/; HttpOnly; SameSite=Lax"),
        field(c -> c.path("/shop"), "id=a1; Path=/shop; HttpOnly; SameSite=Lax"),
        field(
            c -> c.domain("Example.ORG"),
            "id=a1; Path=/; Domain=example.org; HttpOnly; SameSite=Lax"),
        field(
            c -> c.maxAge(Duration.ofMinutes(2)),
            "id=a1; Path=/; Max-Age=120; HttpOnly; SameSite=Lax"),
        field(
            c -> c.maxAge(Duration.ofMillis(1_999)),
            "id=a1; Path=/; Max-Age=1; HttpOnly; SameSite=Lax"),
        field(c -> c.secure(true), "id=a1; Path=/; Secure; HttpOnly; SameSite=Lax"),
        field(c -> c.secure(true).secure(false), "id=a1; Path=/; HttpOnly; SameSite=Lax"),
        field(c -> c.httpOnly(false), "id=a1; Path=/; SameSite=Lax"),
        field(c -> c.sameSite(SameSite.STRICT), "id=a1; Path=/; HttpOnly; SameSite=Strict"),
        field(
            c -> c.secure(true).sameSite(SameSite.NONE),
            "id=a1; Path=/; Secure; HttpOnly; SameSite=None"));
  }

  private static Arguments field(UnaryOperator<Cookie> change, String field) {
    return Arguments.of(change, field);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void standsInTheFieldAsWasSaid(UnaryOperator<Cookie> change, String field) {
    assertThat(change.apply(COOKIE).field()).isEqualTo(field);
    assertThat(COOKIE.field()).isEqualTo("id=a1; Path=/; HttpOnly; SameSite=Lax");
  }

  @Test
  void tellsWhatWasSaid() {
    Cookie cookie = COOKIE.domain("example.org").path("/a").maxAge(Duration.ofDays(1)).secure(true);

    assertThat(cookie.name()).isEqualTo("id");
    assertThat(cookie.value()).isEqualTo("a1");
    assertThat(cookie.domain()).contains("example.org");
    assertThat(cookie.path()).isEqualTo("/a");
    assertThat(cookie.maxAge()).contains(Duration.ofDays(1));
    assertThat(cookie.secure()).isTrue();
    assertThat(cookie.httpOnly()).isTrue();
    assertThat(cookie.sameSite()).isEqualTo(SameSite.LAX);
    assertThat(COOKIE.domain()).isEmpty();
    assertThat(COOKIE.maxAge()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"__Host-id", "__Secure-id", "__host-id", "__SECURE-id"})
  void anAmbitiousNameMakesItSecure(String name) {
    assertThat(Cookie.of(name, "1").secure()).isTrue();
  }

  static Stream<Arguments> refusals() {
    Cookie host = Cookie.of("__Host-id", "1");
    return Stream.of(
        refusal(() -> Cookie.of("a b", "1"), "cookie name 'a b' is not a token"),
        refusal(() -> Cookie.of("", "1"), "is not a token"),
        refusal(() -> Cookie.of("a", "x".repeat(4096)), "keep the data here"),
        refusal(() -> COOKIE.path("shop"), "a cookie's path starts with a slash: 'shop'"),
        refusal(() -> COOKIE.path("/a;b"), "at index 2; percent-encode it"),
        refusal(() -> COOKIE.path("/a\r\nX: 1"), "at index 2; percent-encode it"),
        refusal(() -> COOKIE.path("/\u00e4"), "at index 1; percent-encode it"),
        refusal(() -> COOKIE.path("/" + "x".repeat(1024)), "shorten it"),
        refusal(() -> COOKIE.domain(".example.org"), "leave out the dot before 'example.org'"),
        refusal(() -> COOKIE.domain("example.org; Secure"), "is a host name"),
        refusal(() -> COOKIE.domain("example..org"), "is a host name"),
        refusal(() -> COOKIE.domain(""), "is a host name"),
        refusal(() -> COOKIE.maxAge(Duration.ofSeconds(-1)), "lasts 0 seconds or more"),
        refusal(() -> COOKIE.sameSite(SameSite.NONE), "say secure(true) before sameSite(NONE)"),
        refusal(
            () -> COOKIE.secure(true).sameSite(SameSite.NONE).secure(false), "say secure(true)"),
        refusal(() -> host.secure(false), "'__Host-id' unless it is Secure"),
        refusal(() -> Cookie.of("__Secure-id", "1").secure(false), "unless it is Secure"),
        refusal(() -> host.domain("example.org"), "name it __Secure-"),
        refusal(() -> host.path("/shop"), "name it __Secure-"));
  }

  private static Arguments refusal(ThrowingCallable call, String sentence) {
    return Arguments.of(call, sentence);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatBrowsersWouldDropIsRefusedWithASentence(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "\"", ",", ";", "\\", "\n", "\r", "\t", "\u0000", "\u007f", "\u00e4"})
  void aValueHoldsNothingThatWouldEndIt(String bad) {
    assertThatThrownBy(() -> Cookie.of("id", "ok" + bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at index 2; encode the value");
  }

  @Test
  void aValueMayHoldTheRest() {
    assertThat(Cookie.of("id", "!#$%&'()*+-./0:<=>?@A[]^_`a{|}~").value()).hasSize(31);
    assertThat(Cookie.of("id", "").value()).isEmpty();
  }

  @Test
  void itsTextHidesTheValue() {
    assertThat(Cookie.of("session", "secret")).hasToString("Cookie session");
  }

  @Test
  void aResponseKeepsOneOfEachNamePathAndDomain() {
    Response response =
        Response.noContent()
            .cookie(COOKIE)
            .cookie(COOKIE.path("/a"))
            .cookie(COOKIE.domain("example.org"))
            .cookie(Cookie.of("other", "x"))
            .cookie(Cookie.of("id", "b2").maxAge(Duration.ofSeconds(1)));

    assertThat(response.headers().all("Set-Cookie"))
        .containsExactly(
            "id=a1; Path=/a; HttpOnly; SameSite=Lax",
            "id=a1; Path=/; Domain=example.org; HttpOnly; SameSite=Lax",
            "other=x; Path=/; HttpOnly; SameSite=Lax",
            "id=b2; Path=/; Max-Age=1; HttpOnly; SameSite=Lax");
  }

  @Test
  void deletingReplacesWhatWasSet() {
    Response response = Response.noContent().cookie(COOKIE).deleteCookie("id");

    assertThat(response.headers().all("Set-Cookie"))
        .containsExactly("id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    assertThat(Response.noContent().deleteCookie("__Host-id").headers().find("Set-Cookie"))
        .contains("__Host-id=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void anAnswerToComeGetsItToo() throws InterruptedException, ExecutionException {
    Supplier<Response> later = () -> Response.text("x").background("t", () -> {});
    Response response = Response.async(CompletableFuture.supplyAsync(later)).cookie(COOKIE);

    Response known = response.pending().toCompletableFuture().get();
    assertThat(known.headers().all("Set-Cookie")).hasSize(1);
    assertThat(known.tasks().list()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a=1                  | a | 1
          a=1; b=2             | b | 2
          a=1;b=2              | b | 2
          a=1;;  b = 2 ;       | b | 2
          a="1"                | a | 1
          a=""                 | a | ~~
          a="                  | a | "
          a=                   | a | ~~
          a=x=y=               | a | x=y=
          a=1; a=2             | a | 1
          A=1; a=2             | a | 2
          a=%20                | a | %20
          nonsense; a=1        | a | 1
          =nameless; a=1       | a | 1
          a b=c d              | a b | c d
          """)
  void aRequestsCookiesAreReadLeniently(String field, String name, String value) {
    assertThat(Request.get("/").header("Cookie", field).cookie(name)).contains(value);
  }

  @Test
  void whatHasNoNameIsNone() {
    Request request = Request.get("/").header("Cookie", "=nameless; bare; a=1; =");

    assertThat(request.cookies().names()).containsExactly("a");
  }

  @Test
  void cookiesMayComeInSeveralFields() {
    Headers headers = Headers.of("Cookie", "a=1; b=2", "cookie", "c=3");
    Request request =
        Request.received(
            Method.GET,
            "/",
            "/",
            headers,
            new byte[0],
            new Arrival(Request.get("/").remote(), false, 0, new Trail(), null),
            "",
            Params.ofPath());

    assertThat(request.cookies().names()).containsExactly("a", "b", "c");
    assertThat(request.cookies().asInt("c")).isEqualTo(3);
    assertThat(request.cookie("d")).isEmpty();
    assertThat(Request.get("/").cookies().isEmpty()).isTrue();
  }

  @Test
  void aTypedCookieThatDoesNotParseIsA400ThatNamesIt() {
    Request request = Request.get("/").header("Cookie", "page=x");

    assertThatThrownBy(() -> request.cookies().asInt("page"))
        .isInstanceOf(HttpException.class)
        .hasMessage("400 cookie 'page' is not a whole number of 32 bits: 'x'");
  }
}
