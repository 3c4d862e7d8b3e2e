package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.postlude.background.BackgroundTask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
  private static final BackgroundTask A = BackgroundTask.of("a", () -> {});
  private static final BackgroundTask B = BackgroundTask.of("b", () -> {});

  @Test
  void factoriesSayStatusTypeAndContent() {
    assertThat(told(Response.of(201))).isEqualTo("201 {} ");
    assertThat(told(Response.noContent())).isEqualTo("204 {} ");
    assertThat(told(Response.accepted())).isEqualTo("202 {} ");
    assertThat(told(Response.text("\u20ac")))
        .isEqualTo("200 {Content-Type: text/plain; charset=utf-8} \u20ac");
    assertThat(told(Response.html(404, "<p>")))
        .isEqualTo("404 {Content-Type: text/html; charset=utf-8} <p>");
    assertThat(told(Response.json(201, Map.of("a", 1))))
        .isEqualTo("201 {Content-Type: application/json} {\"a\":1}");
    assertThat(told(Response.json(null))).isEqualTo("200 {Content-Type: application/json} null");
    assertThat(told(Response.bytes("image/png", new byte[] {'x'})))
        .isEqualTo("200 {Content-Type: image/png} x");
    assertThat(told(Response.created("/users/7"))).isEqualTo("201 {Location: /users/7} ");
    assertThat(told(Response.redirect("/a"))).isEqualTo("302 {Location: /a} ");
    assertThat(told(Response.redirect(308, "/a"))).isEqualTo("308 {Location: /a} ");
    assertThat(told(Response.redirect("/gr\u00f6\u00dfe/\u20ac?q=%41 b&c=\\#d")))
        .isEqualTo("302 {Location: /gr%C3%B6%C3%9Fe/%E2%82%AC?q=%41%20b&c=%5C#d} ");
    assertThat(told(Response.created("/users/J\u00fcrgen")))
        .isEqualTo("201 {Location: /users/J%C3%BCrgen} ");
    assertThat(told(Response.problem(404, "no such user")))
        .isEqualTo(
            "404 {Content-Type: application/problem+json}"
                + " {\"title\":\"Not Found\",\"status\":404,\"detail\":\"no such user\"}");
    assertThat(told(Response.problem(new HttpException(503, "").header("Retry-After", "1"))))
        .isEqualTo(
            "503 {Content-Type: application/problem+json, Retry-After: 1}"
                + " {\"title\":\"Service Unavailable\",\"status\":503}");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 100, 101, 199, 600, 1000})
  void aStatusThatNoFinalResponseHasIsRefused(int status) {
    String sentence = "a response has a status from 200 to 599, not " + status;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.of(status))
        .withMessage(sentence);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.text(status, ""))
        .withMessage(sentence);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.of(200).status(status))
        .withMessage(sentence);
  }

  @Test
  void aRedirectHasTheStatusOfOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.redirect(200, "/"))
        .withMessage("a redirect has a status from 300 to 399, not 200; use of(status) for others");
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length, 1",
    "content-length, 1",
    "Transfer-Encoding, chunked",
    "Date, now",
    "Keep-Alive, timeout=5",
    "Trailer, X",
    "Upgrade, h2c",
    "Connection, keep-alive",
    "connection, 'close, X'",
  })
  void whatTheServerWritesIsRefused(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.of(200).header(name, value))
        .withMessageStartingWith("the server writes ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.of(200).addHeader(name, value))
        .withMessageStartingWith("the server writes ");
  }

  @Test
  void onlyClosingMayBeSaidOfTheConnection() {
    assertThat(told(Response.of(200).header("Connection", "close")))
        .isEqualTo("200 {Connection: close} ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\r\nSet-Cookie: x", "/a\nb", "\0", "/\u20ac"})
  void noHeaderCanBeSmuggledIntoAnother(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> Response.of(200).header("X", value));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.of(200).addHeader("X", value));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.bytes(value, new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.of(200).header(value, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\r\nSet-Cookie: x", "/a\nb", "\0", "/\u007f", "/\ud800"})
  void noHeaderCanBeSmuggledIntoALocation(String location) {
    assertThatIllegalArgumentException().isThrownBy(() -> Response.redirect(location));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.created(location));
  }

  @Test
  void setReplacesAddKeepsBoth() {
    Response response = Response.text("").addHeader("Vary", "A").addHeader("vary", "B");

    assertThat(response.headers().all("Vary")).containsExactly("A", "B");
    assertThat(response.header("VARY", "C").headers().all("Vary")).containsExactly("C");
    assertThat(response.withoutHeader("Vary").headers().size()).isEqualTo(1);
  }

  @Test
  void everyChangeIsACopyAndTheOriginalStaysAsItWas() {
    Response original = Response.text("x").header("A", "1").background(A);
    String before = told(original) + original.tasks().list();

    original.status(500);
    original.header("A", "2");
    original.addHeader("A", "2");
    original.withoutHeader("A");
    original.body(Body.EMPTY);
    original.background(B);
    original.map(response -> response.status(404));

    assertThat(told(original) + original.tasks().list()).isEqualTo(before);
  }

  @Test
  void aCopyKeepsAllThatWasNotChanged() {
    Response copy =
        Response.text("x")
            .background(A)
            .status(201)
            .header("A", "1")
            .body(Body.EMPTY)
            .background(B);

    assertThat(told(copy)).isEqualTo("201 {Content-Type: text/plain; charset=utf-8, A: 1} ");
    assertThat(names(copy)).containsExactly("a", "b");
  }

  @Test
  void backgroundAlwaysAppends() {
    Response base = Response.of(202).background(A);

    assertThat(names(base.background(B))).containsExactly("a", "b");
    assertThat(names(base.background("c", () -> {}).background("d", context -> {})))
        .containsExactly("a", "c", "d");
    assertThat(names(base.background(A).background(A))).containsExactly("a", "a", "a");
    assertThat(names(base)).containsExactly("a");
    assertThat(names(Response.of(200))).isEmpty();
    assertThatNullPointerException().isThrownBy(() -> base.background((BackgroundTask) null));
  }

  @Test
  void theTasksOfAnErrorAreThoseOfItsAnswer() {
    HttpException error = new HttpException(402, "").background(A).header("X", "1").background(B);

    assertThat(names(Response.problem(error))).containsExactly("a", "b");
    assertThat(names(Response.problem(error.causedBy(new Exception())))).containsExactly("a", "b");
  }

  @Test
  void whatIsSaidOfAResponseToComeIsSaidOfTheAnswer() {
    CompletableFuture<Response> stage = new CompletableFuture<>();
    Response toCome =
        Response.async(stage)
            .status(201)
            .header("A", "1")
            .addHeader("A", "2")
            .background(B)
            .map(response -> response.withoutHeader("X"));

    assertThat(toCome).hasToString("Response to come");
    stage.complete(Response.of(200).header("X", "1").background(A));

    Response known = toCome.pending().toCompletableFuture().join();
    assertThat(told(known)).isEqualTo("201 {A: 1, A: 2} ");
    assertThat(names(known)).containsExactly("a", "b");
  }

  @Test
  void aResponseToComeMayItselfBecomeOne() {
    CompletableFuture<Response> inner = new CompletableFuture<>();
    Response toCome =
        Response.async(CompletableFuture.completedFuture(Response.async(inner))).header("A", "1");
    inner.complete(Response.of(200));

    Response again = toCome.pending().toCompletableFuture().join();
    assertThat(told(again.pending().toCompletableFuture().join())).isEqualTo("200 {A: 1} ");
  }

  @Test
  void aFailedStageStaysFailed() {
    Response toCome =
        Response.async(CompletableFuture.<Response>failedFuture(new IllegalStateException("x")))
            .header("A", "1");

    assertThat(toCome.pending().toCompletableFuture())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .withMessage("x");
  }

  @Test
  void whatIsStillToComeCannotBeRead() {
    Response toCome = Response.async(new CompletableFuture<>());
    String sentence = "this response is still to come: read it inside map(response -> ...)";

    assertThatIllegalStateException().isThrownBy(toCome::status).withMessage(sentence);
    assertThatIllegalStateException().isThrownBy(toCome::headers).withMessage(sentence);
    assertThatIllegalStateException().isThrownBy(toCome::body).withMessage(sentence);
    assertThatIllegalStateException().isThrownBy(toCome::tasks).withMessage(sentence);
    assertThatIllegalArgumentException().isThrownBy(() -> toCome.status(99));
    assertThatIllegalArgumentException().isThrownBy(() -> toCome.header("Date", ""));
    assertThatNullPointerException().isThrownBy(() -> Response.async(null));
  }

  @Test
  void aChangeThatFailsLaterFailsTheResponse() {
    CompletableFuture<Response> stage = new CompletableFuture<>();
    Response toCome = Response.async(stage).map(response -> response.status(1));
    stage.complete(Response.of(200));

    assertThat(toCome.pending().toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acceptedWorkIsTracked() {
    Response response = Response.accepted(A);

    assertThat(response.status()).isEqualTo(202);
    assertThat(names(response)).containsExactly("a");
    assertThat(response.tasks().trackingId()).isNotBlank();
    assertThat(Response.accepted(A).tasks().trackingId())
        .isNotEqualTo(response.tasks().trackingId());
  }

  private static List<String> names(Response response) {
    return response.tasks().list().stream().map(BackgroundTask::toString).toList();
  }

  @Test
  @SuppressWarnings("NullAway") // what people without a checker may do
  void whatIsNullIsRefusedInASentence() {
    Response any = Response.noContent();
    assertThatNullPointerException()
        .isThrownBy(() -> any.header("X-Name", null))
        .withMessage("header X-Name: the value is null; leave the header out instead");
    assertThatNullPointerException()
        .isThrownBy(() -> any.addHeader(null, "x"))
        .withMessage("a header needs a name: header(\"X-Name\", \"value\")");
    assertThatNullPointerException()
        .isThrownBy(() -> Response.redirect(null))
        .withMessage("a Location is a path or a URI, not null");
    assertThatNullPointerException()
        .isThrownBy(() -> Response.text(null))
        .withMessage("a response's text may not be null; for none say Response.noContent()");
    assertThatNullPointerException()
        .isThrownBy(() -> Response.html(null))
        .withMessage("a response's page may not be null; for none say Response.noContent()");
  }

  @Test
  @SuppressWarnings("NullAway") // what people without a checker may do
  void aStageThatCompletesWithNullIsToldSo() {
    Response none = Response.async(CompletableFuture.completedFuture(null)).header("X-A", "b");

    assertThat(Objects.requireNonNull(none.pending()))
        .isCompletedExceptionally()
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingRootCause()
        .withMessage("the stage of Response.async() completed with null: give it a response");
  }

  private static String told(Response response) {
    String headers = response.headers().toString().strip().replace("\n", ", ");
    byte[] content = ((Body.Bytes) response.body()).array();
    return response.status() + " {" + headers + "} " + new String(content, StandardCharsets.UTF_8);
  }
}
