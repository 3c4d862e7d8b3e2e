package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Work that is followed as a client does it. */
class AwaitAcceptedTest {
  private final CountDownLatch asked = new CountDownLatch(3);

  private TestClient clientOf(BackgroundTask work) {
    App app =
        App.of(
            routes -> {
              routes.filter(
                  (request, next) -> {
                    if (request.path().startsWith("/tasks/")) {
                      asked.countDown();
                    }
                    return next.handle(request);
                  });
              routes.taskStatus("/tasks");
              routes.post("/work", request -> Response.accepted(work));
              routes.post("/nothing", request -> Response.accepted());
            });
    return TestClient.of(app).fireAndForget();
  }

  @Test
  void asksUntilTheEnd() {
    try (var client = clientOf(BackgroundTask.of("work", () -> asked.await()))) {
      TestResponse accepted = client.post("/work");
      assertThat(accepted.status()).isEqualTo(202);

      assertThat(client.awaitAccepted(accepted).text()).contains("\"succeeded\"");
      assertThat(asked.getCount()).isZero();
    }
  }

  @Test
  void workThatFailsFailsTheTestUnlessToldOtherwise() {
    BackgroundTask failing =
        BackgroundTask.of(
            "work",
            () -> {
              throw new IllegalStateException("no luck");
            });
    try (var client = clientOf(failing).raiseBackgroundErrors(false)) {
      TestResponse accepted = client.post("/work");

      assertThat(client.awaitAccepted(accepted).text()).contains("\"failed\"");
      assertThatThrownBy(() -> client.raiseBackgroundErrors(true).awaitAccepted(accepted))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("has not succeeded");
    }
  }

  @Test
  void workThatDoesNotEndIsNotWaitedForForEver() {
    CountDownLatch never = new CountDownLatch(1);
    try (var client = clientOf(BackgroundTask.of("work", () -> never.await()))) {
      TestResponse accepted = client.post("/work");
      TestClient hasty = client.waitAtMost(Duration.ofMillis(100));

      assertThatThrownBy(() -> hasty.awaitAccepted(accepted))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("had not come to its end");
      never.countDown();
    }
  }

  @Test
  void whoHasForeverMayWaitForever() {
    try (var client = clientOf(BackgroundTask.of("work", () -> {}))) {
      TestClient patient = client.waitAtMost(ChronoUnit.FOREVER.getDuration());

      assertThat(patient.awaitAccepted(patient.post("/work")).text()).contains("\"succeeded\"");
      assertThat(patient.given().post("/work").statusCode()).isEqualTo(202);
    }
  }

  @Test
  void anAnswerWithoutALocationIsRefused() {
    try (var client = clientOf(BackgroundTask.of("work", () -> {}))) {
      assertThatThrownBy(() -> client.awaitAccepted(client.post("/nothing")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("routes.taskStatus(..)");
    }
  }
}
