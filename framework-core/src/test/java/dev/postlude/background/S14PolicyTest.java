package dev.postlude.background;

import static dev.postlude.background.Workbench.failing;
import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S14 Policy")
class S14PolicyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Workbench bench =
      new Workbench(options -> options.onError((task, error) -> failure.set(error)));

  @AfterEach
  void close() {
    bench.close();
  }

  private static <T> T counted(CountDownLatch inside, T stage) {
    inside.countDown();
    return stage;
  }

  private static void blockFrom(CountDownLatch inside) throws InterruptedException {
    inside.countDown();
    new CountDownLatch(1).await();
  }

  @Test
  void aRetryWaitsTwiceAsLongEachTime() throws Exception {
    bench.send(
        failing("a").retry(Retry.times(3).backoff(SECOND).maxBackoff(Duration.ofSeconds(3))));
    for (int wait : new int[] {1, 2, 3}) {
      bench.timer.awaitAlarms(1);
      bench.timer.advance(Duration.ofSeconds(wait).minusMillis(1));
      assertThat(bench.timer.alarms()).isEqualTo(1);
      bench.timer.advance(Duration.ofMillis(1));
    }
    bench.awaitQuiet();
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started a",
            "retried a: IllegalStateException, PT1S",
            "started a: attempt 2",
            "retried a: IllegalStateException, PT2S",
            "started a: attempt 3",
            "retried a: IllegalStateException, PT3S",
            "started a: attempt 4",
            "failed a: IllegalStateException");
    assertThat(bench.stats().retried()).isEqualTo(3);
    bench.assertBooksClosed();
  }

  @Test
  void onlyWhatThePolicyNamesIsTriedAgain() {
    List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
    Retry retry =
        Retry.times(5).on(IOException.class).onlyIf(error -> !error.getMessage().equals("final"));
    BackgroundTask task =
        BackgroundTask.of(
                "a",
                context -> {
                  attempts.add(context.attempt());
                  switch (context.attempt()) {
                    case 1 -> throw new FileNotFoundException("again");
                    case 2 -> throw new IOException("final");
                    default -> throw new AssertionError();
                  }
                })
            .retry(retry);
    bench.run(task);
    assertThat(attempts).containsExactly(1, 2);
    bench.run(failing("b").retry(retry));
    assertThat(bench.events.of("started")).hasSize(3);
  }

  @Test
  void anErrorIsNotTriedAgainUnlessThePolicyNamesIt() {
    AtomicInteger attempts = new AtomicInteger();
    BackgroundTask.Action bad =
        () -> {
          attempts.incrementAndGet();
          throw new AssertionError();
        };
    bench.run(BackgroundTask.of("a", bad).retry(Retry.times(2)));
    assertThat(attempts).hasValue(1);
    bench.run(BackgroundTask.of("a", bad).retry(Retry.times(2).on(AssertionError.class)));
    assertThat(attempts).hasValue(4);
  }

  @Test
  void aTaskThatWaitsForItsRetryHoldsNoSlot() throws Exception {
    bench.send(failing("flaky").group(ONE).retry(Retry.times(1).backoff(SECOND)));
    bench.timer.awaitAlarms(1);
    bench.send(ok("other").group(ONE));
    bench.events.await("succeeded other");
    bench.timer.advance(SECOND);
    bench.awaitQuiet();
    assertThat(bench.stats("one").failed()).isEqualTo(1);
  }

  @Test
  void atItsTimeoutATaskIsInterruptedAndHasFailed() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    bench.send(
        BackgroundTask.of("slow", () -> blockFrom(inside)).timeout(SECOND).then(ok("rest")),
        BackgroundTask.of("next", () -> assertThat(Thread.interrupted()).isFalse()));
    Workbench.pass(inside);
    bench.timer.advance(SECOND);
    bench.awaitQuiet();
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started slow",
            "timedOut slow: PT1S",
            "failed slow: TimeoutException",
            "skipped rest: \"slow\" failed before it in its chain",
            "started next",
            "succeeded next");
    assertThat(failure.get())
        .isInstanceOf(TimeoutException.class)
        .hasMessage("It took longer than its timeout of PT1S.");
    assertThat(failure.get().getSuppressed()[0]).isInstanceOf(InterruptedException.class);
    assertThat(bench.stats().timedOut()).isEqualTo(1);
  }

  @Test
  void aTaskThatIgnoresItsInterruptionKeepsItsSlotAndHasFailedWhateverItReturns() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    bench.send(
        BackgroundTask.of(
                "deaf",
                () -> {
                  inside.countDown();
                  while (go.getCount() > 0) {
                    try {
                      go.await();
                    } catch (InterruptedException ignored) {
                      interrupted.countDown();
                    }
                  }
                })
            .group(ONE)
            .timeout(SECOND));
    Workbench.pass(inside);
    bench.timer.advance(SECOND);
    Workbench.pass(interrupted);
    bench.events.await("timedOut deaf: PT1S");
    bench.send(ok("other").group(ONE));
    assertThat(bench.stats("one").running()).isEqualTo(1);
    assertThat(bench.stats("one").queued()).isEqualTo(1);
    assertThat(bench.events.of("failed")).isEmpty();
    bench.timer.advance(SECOND);
    go.countDown();
    bench.awaitQuiet();
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started deaf",
            "timedOut deaf: PT1S",
            "failed deaf: TimeoutException",
            "started other",
            "succeeded other");
  }

  @Test
  void aTimeoutIsTriedAgainWhenThePolicySaysSo() throws Exception {
    bench.send(
        BackgroundTask.of(
                "slow",
                context -> {
                  if (context.attempt() == 1) {
                    new CountDownLatch(1).await();
                  }
                })
            .timeout(SECOND)
            .retry(Retry.times(1).on(TimeoutException.class)));
    bench.timer.awaitAlarms(1);
    bench.timer.advance(SECOND);
    bench.awaitQuiet();
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started slow",
            "timedOut slow: PT1S",
            "retried slow: TimeoutException, PT0S",
            "started slow: attempt 2",
            "succeeded slow");
    assertThat(bench.timer.alarms()).isZero();
  }

  @Test
  void atItsTimeoutAStageIsCancelledAndWhatItDoesLaterIsOfNoInterest() throws Exception {
    CompletableFuture<Object> stage = new CompletableFuture<>();
    CompletableFuture<Object> uncancellable = new CompletableFuture<>();
    CountDownLatch a = new CountDownLatch(1);
    CountDownLatch b = new CountDownLatch(1);
    bench.send(
        BackgroundTask.async("a", context -> counted(a, stage)).timeout(SECOND),
        BackgroundTask.async("b", context -> counted(b, uncancellable.minimalCompletionStage()))
            .timeout(SECOND),
        ok("c"));
    Workbench.pass(a);
    bench.timer.advance(SECOND);
    Workbench.pass(b);
    bench.timer.advance(SECOND);
    bench.awaitQuiet();
    assertThat(stage).isCancelled();
    uncancellable.complete("too late");
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started a",
            "timedOut a: PT1S",
            "failed a: TimeoutException",
            "started b",
            "timedOut b: PT1S",
            "failed b: TimeoutException",
            "started c",
            "succeeded c");
  }

  @Test
  void theTimeoutOfATaskThatEndsInTimeIsCalledOff() {
    bench.run(ok("a").timeout(SECOND), failing("b").timeout(SECOND));
    assertThat(bench.timer.alarms()).isZero();
  }

  @Test
  void aTimeoutIsForEachAttempt() throws Exception {
    bench.send(
        BackgroundTask.of("slow", () -> new CountDownLatch(1).await())
            .timeout(SECOND)
            .retry(Retry.times(2)));
    for (int i = 1; i <= 3; i++) {
      String attempt = i == 1 ? "started slow" : "started slow: attempt " + i;
      bench.events.await(attempt);
      bench.timer.awaitAlarms(1);
      bench.timer.advance(SECOND);
    }
    bench.awaitQuiet();
    assertThat(bench.stats().timedOut()).isEqualTo(3);
    assertThat(bench.stats().retried()).isEqualTo(2);
    assertThat(bench.stats().failed()).isEqualTo(1);
  }

  @RepeatedTest(20)
  void noInterruptReachesTheNextTaskOnTheThread() throws Exception {
    AtomicInteger stray = new AtomicInteger();
    int many = 300;
    TaskGroup few = TaskGroup.of("few").maxConcurrent(4);
    // The deadline and the end of each task are made to meet: the timer runs while tasks end.
    BackgroundTask edge =
        BackgroundTask.of(
                "edge",
                () -> {
                  for (int i = 0; i < 200 && !Thread.currentThread().isInterrupted(); i++) {
                    Thread.onSpinWait();
                  }
                })
            .timeout(Duration.ofNanos(1))
            .group(few);
    BackgroundTask next =
        BackgroundTask.of(
                "next",
                () -> {
                  for (int i = 0; i < 50; i++) {
                    if (Thread.currentThread().isInterrupted()) {
                      stray.incrementAndGet();
                      return;
                    }
                    Thread.onSpinWait();
                  }
                })
            .group(few);
    for (int i = 0; i < many; i++) {
      bench.send(edge, next, edge.then(next), next);
    }
    while (!bench.runner.awaitQuiet(Duration.ofMillis(1))) {
      bench.timer.advance(Duration.ofNanos(1));
    }
    assertThat(stray).hasValue(0);
    BackgroundStats.Group stats = bench.stats("few");
    assertThat(stats.submitted()).isEqualTo(5L * many);
    assertThat(stats.timedOut()).isEqualTo(stats.failed());
    bench.assertBooksClosed();
  }
}
