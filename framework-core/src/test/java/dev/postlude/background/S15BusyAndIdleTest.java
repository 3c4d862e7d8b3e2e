package dev.postlude.background;

import static dev.postlude.background.Workbench.LONG;
import static dev.postlude.background.Workbench.failing;
import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What a test client goes by: when something of a request is at work, and when all of it waits. */
class S15BusyAndIdleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Counts requests at work, and writes down each event. */
  private static final class Work implements BackgroundListener {
    private final List<String> events = new ArrayList<>();
    private int busy;

    @Override
    public synchronized void busy(Exchange exchange) {
      busy++;
      events.add("busy " + exchange.outcome());
    }

    @Override
    public synchronized void idle(Exchange exchange) {
      busy--;
      events.add("idle " + exchange.outcome());
      notifyAll();
    }

    @Override
    public synchronized void succeeded(TaskContext task) {
      events.add(task.name());
    }

    synchronized List<String> events() {
      return List.copyOf(events);
    }

    synchronized void awaitIdle() throws InterruptedException {
      long until = System.nanoTime() + LONG.toNanos();
      while (busy > 0) {
        assertThat(System.nanoTime()).as("it did not come to rest: " + events).isLessThan(until);
        wait(100);
      }
    }
  }

  private final Work work = new Work();

  private Workbench workbench() {
    return new Workbench(options -> options.listener(work));
  }

  @Test
  void aRequestIsBusyBeforeItsResponseIsWrittenAndIdleWhenAllHasEnded() throws Exception {
    try (Workbench bench = workbench()) {
      Admission admission = bench.admit(ok("a"), ok("b"));
      assertThat(work.events()).containsExactly("busy PENDING");
      admission.release(Outcome.SENT, 200, 2);
      work.awaitIdle();
      assertThat(work.events()).containsExactly("busy PENDING", "a", "b", "idle SENT");
    }
  }

  @Test
  void hooksAreWorkToo() throws Exception {
    try (Workbench bench = workbench()) {
      FinishHooks hooks = new FinishHooks();
      CompletableFuture<List<String>> during = new CompletableFuture<>();
      hooks.add(exchange -> during.complete(work.events()));
      bench.admit(hooks).release(Outcome.SENT, 200, 2);
      work.awaitIdle();
      assertThat(during).isCompletedWithValue(List.of("busy PENDING"));
      assertThat(work.events()).containsExactly("busy PENDING", "idle SENT");
    }
  }

  @Test
  void whatWaitsForADelayOrARetryIsIdle() throws Exception {
    try (Workbench bench = workbench()) {
      BackgroundTask retried = failing("never").retry(Retry.times(1).backoff(MINUTE));
      bench.send(retried, ok("delayed").delay(MINUTE), ok("now"));
      work.awaitIdle();
      assertThat(work.events()).containsExactly("busy PENDING", "now", "idle SENT");
      bench.timer.advance(MINUTE);
      bench.awaitQuiet();
      work.awaitIdle();
      assertThat(work.events()).contains("delayed").endsWith("idle SENT");
    }
  }

  @Test
  void aStageIsWork() throws Exception {
    try (Workbench bench = workbench()) {
      CompletableFuture<Void> stage = new CompletableFuture<>();
      CompletableFuture<Void> started = new CompletableFuture<>();
      bench.send(
          BackgroundTask.async(
              "stage",
              context -> {
                started.complete(null);
                return stage;
              }));
      started.get();
      assertThat(work.events()).containsExactly("busy PENDING");
      stage.complete(null);
      work.awaitIdle();
      assertThat(work.events()).containsExactly("busy PENDING", "stage", "idle SENT");
    }
  }

  @Test
  void whatIsHeldIsBusyAndWhatIsCancelledIsNot() throws Exception {
    try (Workbench bench = workbench()) {
      bench.runner.pause();
      bench.send(ok("held"));
      assertThat(work.events()).containsExactly("busy PENDING");
      bench.admit(ok("replaced")).cancel("another response");
      assertThat(work.events()).containsExactly("busy PENDING", "busy PENDING", "idle PENDING");
      bench.runner.resume();
      work.awaitIdle();
    }
  }

  @RepeatedTest(50)
  void everyBusyHasItsIdle() throws Exception {
    try (Workbench bench = workbench()) {
      for (int i = 0; i < 20; i++) {
        BackgroundTask retried = failing("retried").retry(Retry.times(3));
        bench.send(
            BackgroundTask.parallel(ok("a"), retried, ok("b").then(ok("c"))),
            ok("d").delay(Duration.ofMillis(1)),
            ok("e"));
        bench.timer.advance(Duration.ofMillis(1));
      }
      bench.timer.advance(MINUTE);
      work.awaitIdle();
      bench.timer.advance(MINUTE);
      bench.awaitQuiet();
      work.awaitIdle();
      bench.assertBooksClosed();
    }
  }

  /** A timer that writes down what it is asked for. */
  private static final class Asked implements TaskTimer {
    private final ManualTimer time = new ManualTimer();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public Cancellable schedule(Runnable action, Duration delay) {
      asked.add("schedule " + delay);
      return time.schedule(action, delay);
    }

    @Override
    public Cancellable alarm(Runnable action, Duration limit) {
      asked.add("alarm " + limit);
      return time.alarm(action, limit);
    }
  }

  @Test
  void whatIsWaitedForIsScheduledAndLimitsAreAlarms() throws Exception {
    Asked timer = new Asked();
    try (Workbench bench =
        new Workbench(
            options ->
                options.timer(timer).listener(work).slowTaskWarning(Duration.ofMinutes(40)))) {
      bench.send(
          failing("retried").timeout(MINUTE).retry(Retry.times(1).backoff(Duration.ofMinutes(2))),
          ok("delayed").delay(Duration.ofMinutes(3)));
      work.awaitIdle();
      assertThat(timer.asked)
          .containsExactlyInAnyOrder("alarm PT10M", "alarm PT1M", "schedule PT2M", "schedule PT3M");
    }
  }
}
