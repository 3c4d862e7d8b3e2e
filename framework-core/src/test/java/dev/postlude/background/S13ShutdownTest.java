package dev.postlude.background;

import static dev.postlude.background.Workbench.LONG;
import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.pass;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.background.ShutdownReport.TaskReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S13 Shutdown")
class S13ShutdownTest {
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);

  private final CountDownLatch go = new CountDownLatch(1);
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    go.countDown();
    bench.close();
  }

  private CompletableFuture<ShutdownReport> shuttingDown(Duration deadline) {
    CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> report.complete(bench.runner.shutdown(deadline)), "shutting down");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
      Thread.onSpinWait(); // until it waits, or is over
    }
    return report;
  }

  @Test
  void withNothingToDoItIsOverAtOnceAndClean() {
    bench.run(ok("a"));
    ShutdownReport report = bench.runner.shutdown(LONG);
    assertThat(report.clean()).isTrue();
    assertThat(report.finished()).isZero();
    assertThat(report.took()).isLessThan(LONG);
  }

  @Test
  void itWaitsForWhatRunsAndWhatIsQueued() throws Exception {
    bench.send(waiting("a", go).group(ONE), ok("b").group(ONE));
    bench.send(ok("c").group(ONE));
    bench.events.await("started a");
    CompletableFuture<ShutdownReport> report = shuttingDown(LONG);
    go.countDown();
    assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(bench.stats("one").succeeded()).isEqualTo(3);
  }

  @Test
  void itWaitsForWhatIsNotReleasedYetAndWhatIsAdmittedMeanwhile() throws Exception {
    Admission early = bench.admit(ok("early"));
    CompletableFuture<ShutdownReport> report = shuttingDown(LONG);
    Admission late = bench.admit(ok("late"));
    early.release(Outcome.SENT, 200, 1);
    bench.events.await("succeeded early");
    assertThat(report).isNotDone();
    late.release(Outcome.SENT, 200, 1);
    assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(bench.stats().succeeded()).isEqualTo(2);
  }

  @Test
  void itWaitsForDelaysAndRetries() throws Exception {
    bench.send(
        ok("delayed").delay(Duration.ofMinutes(1)),
        BackgroundTask.of(
                "flaky",
                context -> {
                  if (context.attempt() == 1) {
                    throw new IllegalStateException();
                  }
                })
            .retry(Retry.times(1).backoff(Duration.ofMinutes(2))));
    bench.timer.awaitAlarms(2);
    CompletableFuture<ShutdownReport> report = shuttingDown(LONG);
    bench.timer.advance(Duration.ofMinutes(2));
    assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(bench.stats().succeeded()).isEqualTo(2);
  }

  @Test
  void itWaitsForFinishHooks() throws Exception {
    AtomicBoolean ran = new AtomicBoolean();
    FinishHooks hooks = new FinishHooks();
    hooks.add(
        exchange -> {
          pass(go);
          ran.set(true);
        });
    bench.admit(hooks).release(Outcome.SENT, 200, 1);
    CompletableFuture<ShutdownReport> report = shuttingDown(LONG);
    go.countDown();
    assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(ran).isTrue();
  }

  @Test
  void atTheDeadlineItInterruptsAndNamesEverythingThatWasCutOff() throws Exception {
    List<LogRecord> logged = Collections.synchronizedList(new ArrayList<>());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            logged.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch inside = new CountDownLatch(1);
    CompletableFuture<Object> stage = new CompletableFuture<>();
    bench.send(
        BackgroundTask.of(
            "running",
            () -> {
              inside.countDown();
              try {
                go.await();
              } catch (InterruptedException stop) {
                interrupted.set(true);
              }
            }),
        ok("next"));
    bench.send(BackgroundTask.async("stage", context -> stage));
    bench.send(ok("delayed").delay(Duration.ofMinutes(1)));
    bench.send(Workbench.failing("flaky").retry(Retry.times(1).backoff(Duration.ofMinutes(2))));
    bench.admit(ok("held"));
    bench.timer.awaitAlarms(2);
    pass(inside);
    bench.events.await("started stage");
    Workbench.LOG.addHandler(handler);
    ShutdownReport report;
    try {
      report = bench.runner.shutdown(Duration.ZERO);
    } finally {
      Workbench.LOG.removeHandler(handler);
    }
    assertThat(report.clean()).isFalse();
    assertThat(report.interrupted())
        .containsExactlyInAnyOrder(
            new TaskReport("running", "default", "/signup/{id}", "r1", 1),
            new TaskReport("stage", "default", "/signup/{id}", "r2", 1));
    assertThat(report.neverStarted())
        .containsExactlyInAnyOrder(
            new TaskReport("next", "default", "/signup/{id}", "r1", 0),
            new TaskReport("delayed", "default", "/signup/{id}", "r3", 0),
            new TaskReport("flaky", "default", "/signup/{id}", "r4", 1),
            new TaskReport("held", "default", "/signup/{id}", "r5", 0));
    assertThat(interrupted).isTrue();
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getLevel()).isEqualTo(Level.WARNING);
    assertThat(logged.get(0).getMessage())
        .contains("interrupted: \"running\" of /signup/{id} (request r1), attempts: 1")
        .contains("\"stage\"", "\"delayed\"", "\"held\"")
        .contains("never started: \"next\"", "not tried again: \"flaky\"");
    assertThat(bench.events.of("abandoned")).hasSize(6);
    assertThat(bench.stats().abandoned()).isEqualTo(6);
    bench.assertBooksClosed();
  }

  @Test
  void whatWasInterruptedCountsAsAbandonedHoweverItEnds() throws Exception {
    bench.send(
        BackgroundTask.of(
            "stubborn",
            () -> {
              try {
                go.await();
              } catch (InterruptedException ignored) {
                // ends as if all were well
              }
            }));
    bench.events.await("started stubborn");
    assertThat(bench.runner.shutdown(Duration.ZERO).interrupted()).hasSize(1);
    assertThat(bench.events.afterQueued())
        .containsExactly("started stubborn", "abandoned stubborn");
    assertThat(bench.stats().succeeded()).isZero();
    bench.assertBooksClosed();
  }

  @Test
  void aTaskThatIgnoresItsInterruptionHoldsUpTheShutdownForAMomentOnly() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch inside = new CountDownLatch(1);
    bench.send(
        BackgroundTask.of(
            "deaf",
            () -> {
              inside.countDown();
              while (!over.get()) {
                Thread.onSpinWait();
              }
            }));
    pass(inside);
    ShutdownReport report = bench.runner.shutdown(Duration.ZERO);
    over.set(true);
    assertThat(report.interrupted()).hasSize(1);
    assertThat(report.took()).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
  }

  @Test
  void hooksThatWereCutOffAreCounted() throws Exception {
    CountDownLatch inHook = new CountDownLatch(1);
    FinishHooks running = new FinishHooks();
    CountDownLatch ranOn = new CountDownLatch(1);
    running.add(exchange -> ranOn.countDown());
    running.add(
        exchange -> {
          inHook.countDown();
          go.await();
        });
    FinishHooks held = new FinishHooks();
    held.add(exchange -> {});
    bench.admit(running, ok("after hooks")).release(Outcome.SENT, 200, 1);
    Admission late = bench.admit(held);
    pass(inHook);
    ShutdownReport report = bench.runner.shutdown(Duration.ZERO);
    assertThat(report.hooksCutOff()).isEqualTo(2);
    assertThat(report.clean()).isFalse();
    assertThat(report.neverStarted()).hasSize(1);
    late.release(Outcome.DISCONNECTED, 0, 0); // comes too late for anything
    assertThat(ranOn.await(20, TimeUnit.MILLISECONDS)).isFalse();
    bench.assertBooksClosed();
  }

  @Test
  void whatIsOfferedAfterwardsIsRefusedAndCounted() {
    bench.runner.shutdown(Duration.ZERO);
    assertThat(bench.offer(ok("a"))).isNull();
    assertThat(bench.events.events()).containsExactly("rejected a");
    bench.assertBooksClosed();
  }

  @Test
  void aSecondCallReturnsTheSameReport() {
    ShutdownReport report = bench.runner.shutdown(LONG);
    assertThat(bench.runner.shutdown(LONG)).isSameAs(report);
    bench.runner.close();
  }

  @RepeatedTest(10)
  void aSecondCallCutsTheFirstOneShort() throws Exception {
    bench.send(waiting("a", go));
    bench.events.await("started a");
    CompletableFuture<ShutdownReport> first = shuttingDown(Duration.ofHours(1));
    ShutdownReport second = bench.runner.shutdown(Duration.ZERO);
    assertThat(first.get(20, TimeUnit.SECONDS)).isSameAs(second);
    assertThat(second.interrupted()).hasSize(1);
  }

  @Test
  void aLaterDeadlineDoesNotPutItOff() throws Exception {
    Admission held = bench.admit(ok("a"));
    CompletableFuture<ShutdownReport> first = shuttingDown(Duration.ofMillis(50));
    CompletableFuture<ShutdownReport> second = shuttingDown(Duration.ofHours(1));
    assertThat(first.get(20, TimeUnit.SECONDS)).isSameAs(second.get(20, TimeUnit.SECONDS));
    held.release(Outcome.SENT, 200, 1);
  }

  @Test
  void anInterruptionOfTheCallerIsItsDeadlineAndStaysWithIt() {
    bench.admit(ok("held"));
    Thread.currentThread().interrupt();
    ShutdownReport report = bench.runner.shutdown(Duration.ofHours(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.neverStarted()).hasSize(1);
  }

  @Test
  void whatIsPausedIsNamedAsNeverStarted() {
    bench.runner.pause();
    FinishHooks hooks = new FinishHooks();
    hooks.add(exchange -> {});
    bench.admit(hooks, ok("a")).release(Outcome.SENT, 200, 1);
    bench.send(ok("b"));
    ShutdownReport report = bench.runner.shutdown(Duration.ZERO);
    assertThat(report.neverStarted()).hasSize(2);
    assertThat(report.hooksCutOff()).isEqualTo(1);
    bench.runner.resume();
    assertThat(bench.events.of("started")).isEmpty();
  }

  @Test
  void aNegativeDeadlineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench.runner.shutdown(Duration.ofSeconds(-1)))
        .withMessageContaining("zero or more");
  }

  @RepeatedTest(20)
  void aStageThatIsReturnedAfterTheInterruptionIsCancelledToo() throws Exception {
    CompletableFuture<Object> stage = new CompletableFuture<>();
    CountDownLatch inside = new CountDownLatch(1);
    bench.send(
        BackgroundTask.async(
            "slow to start",
            context -> {
              inside.countDown();
              try {
                go.await();
              } catch (InterruptedException ignored) {
                // returns its stage all the same
              }
              return stage;
            }));
    pass(inside);
    assertThat(bench.runner.shutdown(Duration.ZERO).interrupted()).hasSize(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    stage.whenComplete((value, error) -> cancelled.countDown());
    pass(cancelled);
    assertThat(stage).isCancelled();
    bench.assertBooksClosed();
  }
}
