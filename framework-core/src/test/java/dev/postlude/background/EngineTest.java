package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The runner survives a machine that is short of threads, and its own mistakes")
class EngineTest {

  /** Runs what it is given on the calling thread, or not at all. */
  private static final class ScarceWorkers extends AbstractExecutorService {
    final AtomicInteger refusals = new AtomicInteger();
    boolean shutDown;

    @Override
    public void execute(Runnable task) {
      if (shutDown || refusals.getAndDecrement() > 0) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      task.run();
    }

    @Override
    public void shutdown() {
      shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown();
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutDown;
    }

    @Override
    public boolean isTerminated() {
      return shutDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutDown;
    }
  }

  private final ScarceWorkers workers = new ScarceWorkers();
  private final ManualTimer timer = new ManualTimer();
  private final Reporter reporter = new Reporter(List.of(), List.of());
  private final Engine engine =
      new Engine(
          workers,
          timer,
          reporter,
          new Gate(),
          new Lane(TaskGroup.of("hooks")),
          new SlowTasks(Duration.ZERO, timer, workers, reporter, List::of));
  private final List<String> done = new ArrayList<>();

  @Test
  void whatFindsNoThreadIsTriedAgainAMomentLater() {
    workers.refusals.set(2);
    engine.launch(() -> done.add("it"));
    assertThat(done).isEmpty();
    timer.advance(Duration.ofMillis(100));
    assertThat(done).isEmpty();
    timer.advance(Duration.ofMillis(100));
    assertThat(done).containsExactly("it");
  }

  @Test
  void afterAShutdownNothingIsTriedAgain() {
    workers.shutdown();
    engine.launch(() -> done.add("it"));
    assertThat(timer.alarms()).isZero();
  }

  @Test
  void aRunnerWhoseClockFailsKeepsItsBooksAllTheSame() {
    AtomicInteger asked = new AtomicInteger();
    TaskTimer stopped =
        new TaskTimer() {
          @Override
          public Instant now() {
            if (asked.incrementAndGet() > 2) { // admitted and released, and no more
              throw new IllegalStateException("the clock has stopped");
            }
            return Instant.EPOCH;
          }

          @Override
          public Cancellable schedule(Runnable action, Duration delay) {
            return () -> {};
          }
        };
    try (Workbench bench = new Workbench(options -> options.timer(stopped))) {
      bench.run(ok("a"), BackgroundTask.parallel(ok("b"), ok("c")).then(ok("d")));
      assertThat(bench.events.of("failed")).hasSize(4);
      asked.set(-1_000);
      bench.run(ok("after"));
      assertThat(bench.events.of("succeeded")).containsExactly("succeeded after");
      bench.assertBooksClosed();
    }
  }
}
