package dev.postlude.background;

import static dev.postlude.background.Workbench.failing;
import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.LogLines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S12 Visibility")
class S12VisibilityTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aTaskIsQueuedBeforeItsAdmissionReturns() {
    bench.admit(ok("a").then(ok("b")));
    assertThat(bench.events.events()).containsExactly("queued a", "queued b");
  }

  @Test
  void theListenerIsToldOfEveryStep() {
    bench.run(
        failing("a").retry(Retry.times(1)).then(ok("b")), ok("c"), ok("d").when(RunWhen.NOT_SENT));
    assertThat(bench.events.events())
        .contains(
            "queued a",
            "queued b",
            "queued c",
            "queued d",
            "started a",
            "retried a: IllegalStateException, PT0S",
            "started a: attempt 2",
            "failed a: IllegalStateException",
            "skipped b: \"a\" failed before it in its chain",
            "started c",
            "succeeded c")
        .hasSize(12);
    assertThat(bench.stats())
        .isEqualTo(new BackgroundStats.Group(4, 1, 1, 0, 2, 0, 1, 0, 0, 0, Duration.ZERO));
  }

  @Test
  void theStatsKnowWhatAListenerIsToldOf() {
    CompletableFuture<BackgroundStats.Group> seen = new CompletableFuture<>();
    BackgroundRunner[] runner = new BackgroundRunner[1];
    runner[0] =
        new BackgroundRunner(
            BackgroundOptions.defaults()
                .listener(
                    new BackgroundListener() {
                      @Override
                      public void succeeded(TaskContext task) {
                        seen.complete(runner[0].stats().groups().get("default"));
                      }
                    }));
    try (BackgroundRunner closing = runner[0]) {
      Admission admission =
          closing.admit(Workbench.pending("r"), new FinishHooks(), Workbench.tasks(ok("a")));
      assertThat(admission).isNotNull();
      admission.release(Outcome.SENT, 200, 1);
      assertThat(seen.join().succeeded()).isEqualTo(1);
      assertThat(seen.join().queued()).isZero();
    }
  }

  @Test
  void theStatsTellWhatRunsWhatWaitsAndSinceWhen() throws Exception {
    TaskGroup one = TaskGroup.of("one").maxConcurrent(1);
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("a", go).group(one));
    bench.events.await("started a");
    bench.timer.advance(Duration.ofSeconds(30));
    bench.send(ok("b").group(one), ok("c").group(one));
    bench.timer.advance(Duration.ofSeconds(10));
    BackgroundStats.Group stats = bench.stats("one");
    assertThat(stats.running()).isEqualTo(1);
    assertThat(stats.queued()).isEqualTo(2);
    assertThat(stats.oldestAge()).isEqualTo(Duration.ofSeconds(40));
    assertThat(bench.stats().oldestAge()).isZero();
    go.countDown();
    bench.awaitQuiet();
    assertThat(bench.stats("one").oldestAge()).isZero();
    assertThat(bench.runner.stats().groups()).containsOnlyKeys("default", "one");
  }

  @RepeatedTest(20)
  void onceItIsQuietNothingRunsAndTheBooksAreClosed() {
    bench.send(ok("a"), BackgroundTask.parallel(ok("b"), failing("c")).then(ok("d")));
    bench.send(BackgroundTask.async("e", context -> CompletableFuture.runAsync(() -> {})));
    bench.awaitQuiet();
    assertThat(bench.stats().running()).isZero();
    bench.assertBooksClosed();
  }

  @Test
  void anAttemptThatTakesLongIsWarnedOfOnceWithItsStack() throws Exception {
    CompletableFuture<LogRecord> warning = new CompletableFuture<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            if (!warning.complete(entry)) {
              warning.obtrudeException(new AssertionError("a second " + entry.getMessage()));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Workbench.LOG.addHandler(handler);
    CountDownLatch go = new CountDownLatch(1);
    try (Workbench slow =
        new Workbench(options -> options.slowTaskWarning(Duration.ofSeconds(60)))) {
      slow.send(waiting("slow", go));
      slow.timer.awaitAlarms(1);
      for (int i = 0; i < 4; i++) {
        assertThat(warning).isNotDone();
        lookRound(slow);
      }
      LogRecord entry = warning.get(20, java.util.concurrent.TimeUnit.SECONDS);
      assertThat(entry.getMessage())
          .isEqualTo(
              "Background task \"slow\" of POST /signup/{id} (request r1), attempt 1, has been"
                  + " running for PT1M.");
      assertThat(entry.getThrown().getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("pass"));
      lookRound(slow);
      lookRound(slow);
      assertThat(warning).isCompleted();
      go.countDown();
      slow.awaitQuiet();
      slow.timer.advance(Duration.ofSeconds(15));
      CountDownLatch again = new CountDownLatch(1);
      slow.send(waiting("next", again));
      slow.timer.awaitAlarms(1); // the watch has begun again, or not ended
      again.countDown();
      slow.awaitQuiet();
    } finally {
      Workbench.LOG.removeHandler(handler);
    }
  }

  private static final String FIRST =
      "Background task \"mail\" of POST /signup/{id} (request r1), attempt 1, failed and is tried"
          + " again in 0.5 s";

  /** Lets a task fail whose next attempt never comes: the timer stands still. */
  private void failAndTryAgain(@Nullable String message) throws InterruptedException {
    bench.send(
        BackgroundTask.of(
                "mail",
                () -> {
                  throw new IllegalStateException(message);
                })
            .retry(Retry.times(1).backoff(Duration.ofMillis(500))));
    bench.timer.awaitAlarms(1); // the next attempt's
  }

  @Test
  void anAttemptThatIsTriedAgainIsWarnedOfInOneLineWithoutItsStack() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude.background")) {
      failAndTryAgain("no\nanswer\u2028");

      assertThat(log.all())
          .isEqualTo("WARNING " + FIRST + ": java.lang.IllegalStateException: no?answer?");
    } finally {
      Workbench.LOG.setUseParentHandlers(false);
    }
  }

  @Test
  void theStackOfAnAttemptThatIsTriedAgainIsThereAtDebug() throws Exception {
    Workbench.LOG.setLevel(Level.FINE);
    try (LogLines log = LogLines.of("dev.postlude.background")) {
      failAndTryAgain(null);

      assertThat(log.all().lines())
          .containsExactly(
              "WARNING " + FIRST + ": java.lang.IllegalStateException",
              "FINE " + FIRST + " <- java.lang.IllegalStateException");
    } finally {
      Workbench.LOG.setUseParentHandlers(false);
      Workbench.LOG.setLevel(null);
    }
  }

  @Test
  void anErrorThatCannotSayWhatItIsDoesNotHoldUpTheNextAttempt() throws Exception {
    bench.run(
        BackgroundTask.of(
                "mail",
                () -> {
                  throw new Unspeakable();
                })
            .retry(Retry.times(1)));

    assertThat(bench.stats().failed()).isEqualTo(1);
    assertThat(bench.stats().retried()).isEqualTo(1);
  }

  @SuppressWarnings("serial")
  private static final class Unspeakable extends IllegalStateException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("not even that");
    }
  }

  private static void lookRound(Workbench slow) throws InterruptedException {
    slow.timer.advance(Duration.ofSeconds(15));
    slow.timer.awaitAlarms(1); // it has looked, and will again
  }
}
