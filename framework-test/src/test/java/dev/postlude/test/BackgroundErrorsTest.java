package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackgroundErrorsTest {
  /** Kept, because the logging system forgets loggers that nobody holds. */
  private static final Logger LOG = Logger.getLogger("dev.postlude.background");

  private final AtomicInteger attempts = new AtomicInteger();
  private final TestClient client =
      TestClient.of(
          App.of(
              routes -> {
                routes.post(
                    "/orders/{id}", request -> Response.of(201).background(failing("invoice", 99)));
                routes.get(
                    "/retried", request -> Response.noContent().background(failing("mail", 2)));
                routes.get(
                    "/twice",
                    request ->
                        Response.noContent()
                            .background(failing("one", 99))
                            .background(failing("two", 99)));
                routes.get(
                    "/late",
                    request ->
                        Response.noContent()
                            .background(
                                BackgroundTask.of("slow", () -> Thread.sleep(60_000))
                                    .timeout(Duration.ofMillis(20))));
                routes.get("/fine", request -> Response.noContent().background("ok", () -> {}));
              }));

  private BackgroundTask failing(String name, int failures) {
    return BackgroundTask.of(
            name,
            () -> {
              if (attempts.incrementAndGet() <= failures) {
                throw new IOException("no route to " + name);
              }
            })
        .retry(Retry.times(2));
  }

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aFailedTaskFailsTheTestByNameRouteAndCause() {
    assertThatThrownBy(() -> client.post("/orders/7"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"invoice\" of POST /orders/{id} failed after 3 attempts")
        .hasMessageContaining("no route to invoice")
        .hasMessageContaining("raiseBackgroundErrors(false)")
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("no route to invoice");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void withRestAssuredToo() {
    assertThatThrownBy(() -> client.given().post("/orders/7"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"invoice\" of POST /orders/{id}")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aFailureMayBeLookedAtInstead() {
    TestResponse response = client.raiseBackgroundErrors(false).post("/orders/7");
    assertThat(response.status()).isEqualTo(201);
    TestTask task = response.task("invoice");
    assertThat(task.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(task.attempts()).isEqualTo(3);
    assertThat(task.error().orElseThrow()).isInstanceOf(IOException.class);
    client.raiseBackgroundErrors(false).given().post("/orders/7").then().statusCode(201);
    client.awaitBackground();
  }

  @Test
  void aTaskThatSucceedsAtLastDoesNotFailTheTest() {
    assertThat(client.get("/retried").task("mail"))
        .isEqualTo(new TestTask("mail", Outcome.SUCCEEDED, 3, java.util.Optional.empty(), ""));
  }

  @Test
  void aTimeoutIsAFailure() {
    assertThatThrownBy(() -> client.get("/late"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"slow\" of GET /late failed:")
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void ofSeveralFailuresTheLaterOnesAreAttached() {
    Throwable error = catchThrowable(() -> client.get("/twice"));
    assertThat(error).hasMessageContaining("\"one\"");
    assertThat(error.getSuppressed()).hasSize(1);
    assertThat(error.getSuppressed()[0]).hasMessageContaining("\"two\"");
  }

  @Test
  void anUnknownTaskIsAnErrorThatNamesThoseThereAre() {
    TestResponse response = client.get("/fine");
    assertThatThrownBy(() -> response.task("okay"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("okay")
        .hasMessageContaining("name=ok");
  }

  @Test
  void aFailureIsToldOnce() {
    assertThat(catchThrowable(() -> client.post("/orders/7"))).isNotNull();
    client.awaitBackground();
    client.get("/fine");
  }

  @Test
  void fireAndForgetLeavesAFailureToWhoeverWaits() {
    assertThat(client.fireAndForget().post("/orders/7").status()).isEqualTo(201);
    assertThatThrownBy(client::awaitBackground)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"invoice\"");
    client.awaitBackground();
  }

  @Test
  void fireAndForgetLeavesAFailureToTheEnd() {
    client.fireAndForget().given().post("/orders/7").then().statusCode(201);
    assertThatThrownBy(client::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"invoice\"");
  }

  @Test
  void aCallAnswersForItsOwnTasksOnly() {
    client.fireAndForget().post("/orders/7");
    assertThat(client.get("/fine").tasks())
        .extracting(TestTask::outcome)
        .isEqualTo(List.of(Outcome.SUCCEEDED));
    assertThat(catchThrowable(client::awaitBackground)).isInstanceOf(AssertionError.class);
  }
}
