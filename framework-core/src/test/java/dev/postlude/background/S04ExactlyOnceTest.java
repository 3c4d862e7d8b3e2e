package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S4 Exactly once, uncancelled")
class S04ExactlyOnceTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ALWAYS, SENT, true", "ALWAYS, DISCONNECTED, true", "ALWAYS, FAILED, true",
    "SENT, SENT, true", "SENT, DISCONNECTED, false", "SENT, FAILED, false",
    "NOT_SENT, SENT, false", "NOT_SENT, DISCONNECTED, true", "NOT_SENT, FAILED, true",
  })
  void aTaskRunsAfterTheOutcomesThatItAskedFor(RunWhen when, Outcome outcome, boolean runs) {
    bench.admit(ok("task").when(when)).release(outcome, 200, 5);
    bench.awaitQuiet();
    if (runs) {
      assertThat(bench.events.afterQueued()).containsExactly("started task", "succeeded task");
    } else {
      assertThat(bench.events.afterQueued())
          .containsExactly(
              "skipped task: it asked for when(" + when + "), and the response was " + outcome);
    }
    bench.assertBooksClosed();
  }

  @Test
  void aTaskThatIsExcludedDoesNotBreakItsChain() {
    bench.run(ok("a").when(RunWhen.NOT_SENT).then(ok("b")));
    assertThat(bench.stats().skipped()).isEqualTo(1);
    assertThat(bench.stats().succeeded()).isEqualTo(1);
  }

  @Test
  void anExcludedTaskIsNotDelayedFirst() {
    bench.run(ok("a").when(RunWhen.NOT_SENT).delay(java.time.Duration.ofDays(1)).then(ok("b")));
    assertThat(bench.stats().succeeded()).isEqualTo(1);
  }

  @Test
  void aSecondReleaseIsIgnored() {
    Admission admission = bench.admit(ok("task").when(RunWhen.SENT));
    admission.release(Outcome.SENT, 200, 1);
    admission.release(Outcome.FAILED, 500, 0);
    admission.cancel("too late");
    bench.awaitQuiet();
    assertThat(bench.events.events())
        .containsExactly("queued task", "started task", "succeeded task");
  }

  @Test
  void aReleaseWithoutAnOutcomeIsRefused() {
    Admission admission = bench.admit(ok("task"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> admission.release(Outcome.PENDING, 200, 1))
        .withMessageContaining("SENT, DISCONNECTED or FAILED");
  }

  @Test
  void theTasksOfAReplacedResponseAreSkippedAndItsPlacesFree() {
    TaskGroup one = TaskGroup.of("one").maxConcurrent(1).maxQueued(1);
    Admission first = bench.admit(ok("a").group(one).then(ok("b").group(one)));
    assertThat(bench.offer(ok("c").group(one))).isNull();
    first.cancel("another response was written");
    assertThat(bench.events.of("skipped"))
        .containsExactly(
            "skipped a: another response was written", "skipped b: another response was written");
    first.release(Outcome.SENT, 200, 1);
    bench.run(ok("d").group(one));
    assertThat(bench.events.of("started")).containsExactly("started d");
    bench.assertBooksClosed();
  }

  @RepeatedTest(200)
  void ofAReleaseACancelAndAShutdownAtTheSameTimeOneWins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger ran = new AtomicInteger();
    Admission admission = bench.admit(BackgroundTask.of("t", ran::incrementAndGet));
    CountDownLatch start = new CountDownLatch(1);
    for (Runnable racer :
        new Runnable[] {
          () -> admission.release(Outcome.SENT, 200, 1),
          () -> admission.release(Outcome.FAILED, 500, 1),
          () -> admission.cancel("replaced"),
          () -> bench.runner.shutdown(java.time.Duration.ZERO)
        }) {
      threads.execute(
          () -> {
            try {
              start.await();
              racer.run();
            } catch (InterruptedException stopped) {
              throw new AssertionError(stopped);
            }
          });
    }
    start.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    bench.awaitQuiet();
    bench.assertBooksClosed();
    BackgroundStats.Group stats = bench.stats();
    assertThat(stats.succeeded() + stats.skipped() + stats.abandoned()).isEqualTo(1);
    if (stats.succeeded() == 1) {
      assertThat(ran).hasValue(1);
    }
    assertThat(
            bench.events.events().stream()
                .filter(e -> e.startsWith("succ") || e.startsWith("skip") || e.startsWith("aban")))
        .hasSize(1);
  }
}
