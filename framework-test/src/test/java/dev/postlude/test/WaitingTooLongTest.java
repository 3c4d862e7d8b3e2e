package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said when tasks do not end: never just that it took too long. */
@Timeout(60)
class WaitingTooLongTest {
  private static final Logger LOG = Logger.getLogger("dev.postlude.background");
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch latch = new CountDownLatch(1);
  private final CompletableFuture<Void> stage = new CompletableFuture<>();
  private final TestClient client =
      TestClient.of(
          App.of(
              routes -> {
                routes.get(
                    "/task",
                    request -> Response.noContent().background("task", this::startAndWait));
                routes.get(
                    "/hook",
                    request -> {
                      request.onFinish(exchange -> startAndWait());
                      return Response.noContent();
                    });
                routes.get(
                    "/stage",
                    request ->
                        Response.noContent()
                            .background(BackgroundTask.async("stage", context -> stage)));
                routes.get(
                    "/queue",
                    request ->
                        Response.noContent()
                            .background(
                                BackgroundTask.parallel(
                                        BackgroundTask.of("first", this::startAndWait),
                                        BackgroundTask.of("second", this::startAndWait))
                                    .group(ONE)));
                routes.get(
                    "/retry",
                    request ->
                        Response.noContent()
                            .background(
                                BackgroundTask.of(
                                        "retry",
                                        () -> {
                                          throw new IOException("gone");
                                        })
                                    .retry(Retry.times(1).backoff(Duration.ofMinutes(1)))));
              }));

  private void startAndWait() throws InterruptedException {
    started.countDown();
    latch.await();
  }

  private TestResponse started(String path) throws InterruptedException {
    TestResponse response = client.fireAndForget().get(path);
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    return response;
  }

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterEach
  void close() {
    latch.countDown();
    stage.complete(null);
    client.close();
  }

  @Test
  void aRunningTaskIsNamedAndShown() throws InterruptedException {
    started("/task");
    assertThatThrownBy(() -> client.awaitBackground(MOMENT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("after PT0.05S")
        .hasMessageContaining("\"task\" of GET /task is running, attempt 1\n")
        .hasMessageContaining("waitAtMost(Duration)")
        .cause()
        .hasMessageContaining("this is where \"task\" of GET /task is now")
        .extracting(
            Throwable::getStackTrace, InstanceOfAssertFactories.array(StackTraceElement[].class))
        .extracting(StackTraceElement::getMethodName)
        .contains("startAndWait");
    latch.countDown();
    client.awaitBackground(Duration.ofSeconds(20));
  }

  @Test
  void aCallIsBoundedToo() {
    client.port();
    assertThatThrownBy(() -> client.waitAtMost(Duration.ofSeconds(2)).get("/task"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"task\" of GET /task is running");
  }

  @Test
  void aHookIsSaidToBeOne() throws InterruptedException {
    started("/hook");
    assertThatThrownBy(() -> client.awaitBackground(MOMENT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("GET /hook: its finish hooks");
  }

  @Test
  void aStageIsSaidToBeOne() {
    client.fireAndForget().get("/stage");
    String message = "\"stage\" of GET /stage is running, attempt 1: it waits for its";
    Throwable error = catchThrowable(() -> client.awaitBackground(MOMENT));
    while (!error.toString().contains(message)) { // the thread that started it is still leaving
      error = catchThrowable(() -> client.awaitBackground(MOMENT));
    }
    assertThat(error).isInstanceOf(AssertionError.class).hasNoCause();
  }

  @Test
  void whoeverWaitsForASlotIsNamed() throws InterruptedException {
    started("/queue");
    assertThatThrownBy(() -> client.awaitBackground(MOMENT))
        .hasMessageContaining("\"first\" of GET /queue is running, attempt 1")
        .hasMessageContaining("\"second\" of GET /queue has not started")
        .hasMessageContaining("group \"one\"");
  }

  @Test
  void aRetryIsSaidToBeOne() {
    TestResponse response = client.raiseBackgroundErrors(false).fireAndForget().get("/retry");
    while (response.task("retry").outcome() != Outcome.RETRYING) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> client.awaitBackground(MOMENT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"retry\" of GET /retry waits PT1M for its next attempt, after")
        .hasMessageContaining("gone")
        .hasMessageContaining("clock(TestTimer.skipping())");
    client.server().background().shutdown(Duration.ZERO);
  }

  @Test
  void aHandlerThatIsStillAtItIsWaitedForAtTheEndAndItsHooksRun() throws Exception {
    CompletableFuture<String> finished = new CompletableFuture<>();
    App app =
        App.of(
            routes ->
                routes.get(
                    "/slow",
                    request -> {
                      request.onFinish(exchange -> finished.complete(exchange.path()));
                      started.countDown();
                      awaitNobody(Integer.parseInt(request.query("port").orElseThrow()));
                      return Response.noContent();
                    }));
    TestClient closing = TestClient.of(app);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), closing.port())) {
      String request = "GET /slow?port=" + closing.port() + " HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

      closing.close();
    }

    assertThat(finished).isCompletedWithValue("/slow");
  }

  /** Until nobody listens there any more: the app is being stopped. */
  private static void awaitNobody(int port) {
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        LockSupport.parkNanos(1_000_000);
      } catch (IOException refused) {
        return;
      }
    }
  }
}
