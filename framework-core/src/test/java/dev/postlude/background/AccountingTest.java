package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.TaskGroup.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("The books: submitted == succeeded + failed + rejected + skipped + abandoned")
class AccountingTest {
  private static final List<TaskGroup> GROUPS =
      List.of(
          TaskGroup.DEFAULT,
          TaskGroup.of("narrow").maxConcurrent(1).maxQueued(200),
          TaskGroup.of("tight").maxConcurrent(2).maxQueued(20),
          TaskGroup.of("lossy").maxConcurrent(3).maxQueued(10).whenFull(WhenFull.DROP));

  /** Holds what each task was told of, and that it comes in an order that is allowed. */
  private static final class Auditor implements BackgroundListener {
    final Map<String, String> states = new ConcurrentHashMap<>();
    final List<String> wrong = new ArrayList<>();
    final LongAdder ends = new LongAdder();

    private void step(TaskContext task, String from, String to) {
      String before = states.put(task.id(), to);
      if (!from.contains(String.valueOf(before))) {
        synchronized (wrong) {
          wrong.add(task.id() + " from " + before + " to " + to);
        }
      }
    }

    @Override
    public void queued(TaskContext task) {
      step(task, "null", "queued");
    }

    @Override
    public void started(TaskContext task) {
      step(task, task.attempt() == 1 ? "queued" : "retried", "started");
    }

    @Override
    public void succeeded(TaskContext task) {
      step(task, "started", "over");
      ends.increment();
    }

    @Override
    public void failed(TaskContext task, Throwable error) {
      step(task, "started timedOut", "over");
      ends.increment();
    }

    @Override
    public void retried(TaskContext task, Throwable error, Duration wait) {
      step(task, "started timedOut", "retried");
    }

    @Override
    public void timedOut(TaskContext task, Duration timeout) {
      step(task, "started", "timedOut");
    }

    @Override
    public void rejected(TaskContext task) {
      step(task, "null", "over");
      ends.increment();
    }

    @Override
    public void skipped(TaskContext task, String reason) {
      step(task, "queued", "over");
      ends.increment();
    }

    @Override
    public void abandoned(TaskContext task) {
      // It may come while a worker tells of another step, so only the end is looked at.
      if ("over".equals(states.put(task.id(), "over"))) {
        synchronized (wrong) {
          wrong.add(task.id() + " ended twice");
        }
      }
      ends.increment();
    }
  }

  @Test
  void tenThousandReleasesAgainstWorkersThatAreAllBusy() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    BackgroundTask task =
        BackgroundTask.of(
            "t",
            () -> {
              Workbench.pass(go);
              ran.incrementAndGet();
            });
    try (Workbench bench = new Workbench()) {
      ExecutorService eventLoops = Executors.newFixedThreadPool(4);
      for (int i = 0; i < 10_000; i++) {
        eventLoops.execute(() -> bench.send(task));
      }
      eventLoops.shutdown();
      assertThat(eventLoops.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      BackgroundStats.Group taken =
          bench.stats(); // one look: meanwhile some go from one to the other
      assertThat(taken.queued() + taken.running()).isEqualTo(10_000);
      for (int i = 0; i < 256; i++) { // 256 run and 9,744 wait: so many more find a place
        bench.send(task);
      }
      assertThat(bench.offer(task)).isNull();
      go.countDown();
      bench.awaitQuiet();
      assertThat(ran).hasValue(10_256);
      assertThat(bench.stats().succeeded()).isEqualTo(10_256);
      assertThat(bench.stats().rejected()).isEqualTo(1);
      bench.assertBooksClosed();
    }
  }

  @RepeatedTest(5)
  void theyAreExactWhateverHappensToTheTasks() throws Exception {
    audit(false);
  }

  @RepeatedTest(10)
  void theyAreExactWhenAShutdownComesInBetween() throws Exception {
    audit(true);
  }

  private static void audit(boolean cutShort) throws Exception {
    Auditor auditor = new Auditor();
    BackgroundRunner runner =
        new BackgroundRunner(
            BackgroundOptions.defaults()
                .listener(auditor)
                .defaultGroup(TaskGroup.of("usual").maxConcurrent(8).maxQueued(500)));
    ExecutorService eventLoops = Executors.newFixedThreadPool(4);
    ExecutorService foreign = Executors.newFixedThreadPool(2);
    LongAdder offered = new LongAdder();
    LongAdder hooksRun = new LongAdder();
    LongAdder hooksDue = new LongAdder();
    for (int i = 0; i < 2_000; i++) {
      SplittableRandom random = new SplittableRandom(i);
      String id = "r" + i;
      eventLoops.execute(
          () -> {
            Tasks tasks = Tasks.none();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
              BackgroundTask task = anyTask(random, foreign, 3);
              offered.add(task.names().size());
              tasks = tasks.and(task);
            }
            FinishHooks hooks = new FinishHooks();
            if (random.nextInt(4) == 0) {
              hooks.add(exchange -> hooksRun.increment());
            }
            Admission admission = runner.admit(Workbench.pending(id), hooks, tasks);
            if (admission == null) {
              return;
            }
            if (random.nextInt(20) == 0) {
              admission.cancel("replaced");
            } else {
              hooksDue.add(hooks.isEmpty() ? 0 : 1);
              Outcome outcome = random.nextInt(5) == 0 ? Outcome.DISCONNECTED : Outcome.SENT;
              admission.release(outcome, 200, 1);
            }
          });
    }
    eventLoops.shutdown();
    ShutdownReport report;
    if (cutShort) {
      report = runner.shutdown(Duration.ofMillis(5));
      assertThat(eventLoops.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    } else {
      assertThat(eventLoops.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      report = runner.shutdown(Duration.ofSeconds(60));
      assertThat(report.clean()).as(report.toString()).isTrue();
      assertThat(hooksRun.sum()).isEqualTo(hooksDue.sum());
    }
    foreign.shutdownNow();
    long submitted = 0;
    long abandoned = 0;
    for (BackgroundStats.Group group : runner.stats().groups().values()) {
      assertThat(
              group.succeeded()
                  + group.failed()
                  + group.rejected()
                  + group.skipped()
                  + group.abandoned())
          .as(group.toString())
          .isEqualTo(group.submitted());
      assertThat(group.queued()).isZero();
      assertThat(group.running()).isZero();
      submitted += group.submitted();
      abandoned += group.abandoned();
    }
    assertThat(submitted).isEqualTo(offered.sum());
    assertThat(auditor.ends.sum()).isEqualTo(offered.sum());
    assertThat(report.interrupted().size() + report.neverStarted().size()).isEqualTo(abandoned);
    if (!cutShort) {
      assertThat(auditor.wrong).isEmpty();
      assertThat(auditor.states.values()).containsOnly("over");
    }
  }

  private static BackgroundTask anyTask(
      SplittableRandom random, ExecutorService foreign, int depth) {
    int kind = random.nextInt(depth > 0 ? 10 : 7);
    if (kind >= 7) {
      BackgroundTask[] parts = new BackgroundTask[random.nextInt(1, 4)];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = anyTask(random, foreign, depth - 1);
      }
      BackgroundTask all = kind == 7 ? BackgroundTask.parallel(parts) : BackgroundTask.chain(parts);
      return random.nextInt(8) == 0 ? all.delay(Duration.ofNanos(random.nextInt(100_000))) : all;
    }
    long seed = random.nextLong();
    BackgroundTask task =
        switch (kind) {
          case 0, 1 -> BackgroundTask.of("sync", context -> work(seed, context));
          case 2 ->
              BackgroundTask.async(
                  "async",
                  context -> {
                    CompletableFuture<Object> stage = new CompletableFuture<>();
                    foreign.execute(() -> complete(stage, seed, context));
                    return stage;
                  });
          case 3 ->
              BackgroundTask.async(
                  "done",
                  context -> {
                    CompletableFuture<Object> stage = new CompletableFuture<>();
                    complete(stage, seed, context);
                    return stage;
                  });
          case 4 ->
              BackgroundTask.of("slow", () -> new CountDownLatch(1).await())
                  .timeout(Duration.ofNanos(random.nextInt(1, 300_000)));
          case 5 ->
              BackgroundTask.async("never", context -> new CompletableFuture<>())
                  .timeout(Duration.ofNanos(random.nextInt(1, 300_000)));
          default -> BackgroundTask.of("excluded", () -> {}).when(RunWhen.NOT_SENT);
        };
    if (random.nextInt(3) == 0) {
      task =
          task.retry(
              Retry.times(random.nextInt(1, 4))
                  .backoff(Duration.ofNanos(random.nextInt(0, 3) * 50_000L))
                  .jitter(random.nextDouble()));
    }
    if (random.nextInt(6) == 0) {
      task = task.timeout(Duration.ofNanos(random.nextInt(1, 200_000)));
    } else if (random.nextInt(6) == 0) {
      task = task.delay(Duration.ofNanos(random.nextInt(1, 200_000)));
    }
    return task.group(GROUPS.get(random.nextInt(GROUPS.size())));
  }

  private static void work(long seed, TaskContext context) throws Exception {
    SplittableRandom random = new SplittableRandom(seed + context.attempt());
    for (int i = random.nextInt(500); i > 0; i--) {
      Thread.onSpinWait();
    }
    context.progress(1, 2, "half way");
    switch (random.nextInt(6)) {
      case 0 -> throw new IllegalStateException();
      case 1 -> throw new AssertionError();
      case 2 -> Thread.currentThread().interrupt();
      default -> {}
    }
  }

  private static void complete(CompletableFuture<Object> stage, long seed, TaskContext context) {
    try {
      work(seed, context);
      stage.complete(1);
    } catch (Throwable error) {
      stage.completeExceptionally(error);
    } finally {
      Thread.interrupted();
    }
  }
}
