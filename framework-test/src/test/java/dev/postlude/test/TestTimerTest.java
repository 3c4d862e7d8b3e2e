package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postlude.App;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TestTimerTest {
  private static final Logger LOG = Logger.getLogger("dev.postlude.background");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Instant> times = new CopyOnWriteArrayList<>();
  private final CountDownLatch latch = new CountDownLatch(1);
  private final CountDownLatch inside = new CountDownLatch(1);
  private final App app =
      App.of(
          routes -> {
            routes.get("/retry", request -> Response.noContent().background(flaky("retry", 3)));
            routes.get(
                "/delay", request -> Response.noContent().background(note("delay").delay(MINUTE)));
            routes.get(
                "/order",
                request ->
                    Response.noContent()
                        .background(note("hour").delay(Duration.ofHours(1)))
                        .background(note("second").delay(Duration.ofSeconds(1)))
                        .background(note("now"))
                        .background(
                            note("minute").then(note("two minutes").delay(MINUTE)).delay(MINUTE)));
            routes.get(
                "/timeout",
                request ->
                    Response.noContent()
                        .background(
                            BackgroundTask.of(
                                    "endless",
                                    () -> {
                                      inside.countDown();
                                      latch.await();
                                    })
                                .timeout(MINUTE)));
            routes.get(
                "/blocked",
                request ->
                    Response.noContent()
                        .background(
                            BackgroundTask.of("blocked", () -> latch.await()).timeout(MINUTE)));
          });

  private BackgroundTask note(String name) {
    return BackgroundTask.of(name, () -> done.add(name));
  }

  private BackgroundTask flaky(String name, int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    return BackgroundTask.of(
            name,
            context -> {
              times.add(context.startedAt());
              if (left.getAndDecrement() > 0) {
                throw new IOException("not yet");
              }
              done.add(name);
            })
        .retry(Retry.times(failures).backoff(MINUTE));
  }

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @RepeatedTest(20)
  void aRetryAfterAMinuteTakesNoMinute() {
    try (TestClient client = TestClient.of(app).clock(TestTimer.skipping())) {
      TestResponse response = client.get("/retry");
      assertThat(response.task("retry").attempts()).isEqualTo(4);
      assertThat(done).containsExactly("retry");
      List<Long> minutes = new ArrayList<>();
      for (int i = 1; i < times.size(); i++) {
        minutes.add(Duration.between(times.get(i - 1), times.get(i)).toMinutes());
      }
      assertThat(minutes).as("what the task sees").containsExactly(1L, 2L, 4L);
    }
  }

  @RepeatedTest(20)
  void whatWaitsComesInTheOrderOfItsTime() {
    try (TestClient client = TestClient.of(app).clock(TestTimer.skipping())) {
      client.get("/order");
      assertThat(done).containsExactly("now", "second", "minute", "two minutes", "hour");
    }
  }

  @Test
  void timeIsSkippedForWhoeverWaitsForItOnly() {
    try (TestClient client = TestClient.of(app).clock(TestTimer.skipping())) {
      TestResponse delayed = client.fireAndForget().get("/delay");
      assertThat(delayed.task("delay").outcome()).isEqualTo(Outcome.QUEUED);
      client.awaitBackground();
      assertThat(done).containsExactly("delay");
    }
  }

  @Test
  void aTimeoutIsNotSkippedForAnotherRequest() {
    try (TestClient client = TestClient.of(app).clock(TestTimer.skipping())) {
      TestResponse blocked = client.fireAndForget().get("/blocked");
      client.get("/retry");
      client.get("/order");
      assertThat(done).contains("retry", "hour");
      latch.countDown();
      client.awaitBackground();
      assertThat(blocked.task("blocked").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void aTimeoutGoesByRealTime() {
    App quick =
        App.of(
            routes ->
                routes.get(
                    "/timeout",
                    request ->
                        Response.noContent()
                            .background(
                                BackgroundTask.of("endless", () -> latch.await())
                                    .timeout(Duration.ofMillis(20))
                                    .retry(Retry.times(1).backoff(MINUTE)))));
    try (TestClient client = TestClient.of(quick).clock(TestTimer.skipping())) {
      TestTask task = client.raiseBackgroundErrors(false).get("/timeout").task("endless");
      assertThat(task.error()).containsInstanceOf(TimeoutException.class);
      assertThat(task.attempts()).isEqualTo(2);
    }
  }

  @RepeatedTest(20)
  void byHandARetryComesWhenItsTimeHasCome() {
    TestTimer timer = TestTimer.byHand();
    try (TestClient client = TestClient.of(app).clock(timer)) {
      TestResponse response = client.get("/retry");
      assertThat(response.task("retry").outcome()).isEqualTo(Outcome.RETRYING);
      assertThat(response.task("retry").error()).containsInstanceOf(IOException.class);
      assertThat(response.task("retry").attempts()).isEqualTo(1);

      timer.advance(MINUTE.minusMillis(1));
      assertThat(response.task("retry").attempts()).isEqualTo(1);
      timer.advance(Duration.ofMillis(1));
      assertThat(response.task("retry").attempts()).isEqualTo(2);
      timer.advance(Duration.ofMinutes(6));
      assertThat(response.task("retry"))
          .isEqualTo(new TestTask("retry", Outcome.SUCCEEDED, 4, java.util.Optional.empty(), ""));
      assertThat(done).containsExactly("retry");
    }
  }

  @Test
  void byHandATimeoutComesWhenItsTimeHasCome() throws Exception {
    TestTimer timer = TestTimer.byHand();
    try (TestClient client = TestClient.of(app).clock(timer)) {
      TestResponse response = client.fireAndForget().get("/timeout");
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue(); // its timeout runs by then
      timer.advance(MINUTE);
      Throwable error = catchThrowable(client::awaitBackground);
      assertThat(error)
          .isInstanceOf(AssertionError.class)
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(response.task("endless").outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void byHandWhatStillWaitsAtTheEndIsLeft() {
    try (TestClient client = TestClient.of(app).clock(TestTimer.byHand())) {
      client.get("/delay");
      client.awaitBackground();
    }
    assertThat(done).isEmpty();
  }

  @Test
  void timeGoesForwardByHandOnly() {
    assertThatThrownBy(() -> TestTimer.skipping().advance(MINUTE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("byHand()");
    assertThatThrownBy(() -> TestTimer.byHand().advance(MINUTE.negated()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClockComesBeforeTheFirstCall() {
    try (TestClient client = TestClient.of(app)) {
      client.port();
      assertThatThrownBy(() -> client.clock(TestTimer.skipping()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("right after TestClient.of(app)");
    }
  }

  @Test
  void oneClockServesOneClientAtATime() {
    TestTimer timer = TestTimer.skipping();
    TestClient one = TestClient.of(app).clock(timer);
    TestClient two = TestClient.of(app).clock(timer);
    one.get("/retry");
    assertThatThrownBy(() -> two.get("/retry"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one for each client");
    one.close();
    two.get("/delay");
    two.close();
  }

  @Test
  void aSkippingClockThatNoClientHasIsRefusedAndNothingIsLost() {
    App wrong = app.with(BackgroundOptions.defaults().timer(TestTimer.skipping()));
    try (TestClient client = TestClient.of(wrong)) {
      client.get("/delay");
      assertThat(done).as("it went on without waiting").containsExactly("delay");
    }
    assertThatThrownBy(() -> TestTimer.skipping().schedule(() -> {}, MINUTE))
        .hasMessageContaining("TestClient.of(app).clock(timer)");
  }

  @Test
  void byHandItServesWithoutAClientToo() {
    TestTimer timer = TestTimer.byHand();
    timer.schedule(() -> done.add("b"), MINUTE);
    timer.schedule(() -> done.add("a"), Duration.ZERO);
    timer.schedule(() -> done.add("c"), MINUTE);
    timer.schedule(() -> done.add("never"), MINUTE).cancel();
    timer.schedule(() -> done.add("far"), Duration.ofSeconds(Long.MAX_VALUE));
    Instant before = timer.now();
    timer.advance(MINUTE);
    assertThat(done).containsExactly("a", "b", "c");
    assertThat(timer.now()).isAfterOrEqualTo(before.plus(MINUTE));
  }
}
