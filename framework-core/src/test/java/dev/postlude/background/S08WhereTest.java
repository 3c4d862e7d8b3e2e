package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.pass;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.concurrent.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S8 Where")
class S08WhereTest {
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);
  private static final TaskGroup OTHER = TaskGroup.of("other").maxConcurrent(1);

  private final Workbench bench = new Workbench();
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    bench.close();
  }

  private BackgroundTask noting(String name) {
    return BackgroundTask.of(name, () -> threads.add(Thread.currentThread()));
  }

  @Test
  void tasksRunOnThreadsOfTheRunnersOwn() {
    bench.run(noting("a"));
    Thread thread = threads.get(0);
    assertThat(thread.getName()).matches("postlude-background-\\d+");
    assertThat(thread.isDaemon()).isTrue();
    if (Threads.areVirtual()) {
      assertThat(thread.toString()).startsWith("VirtualThread");
    }
  }

  @Test
  void theTasksOfAResponseShareAThreadAndASlotWhileTheyAreInOneGroup() {
    bench.run(
        noting("a").group(ONE).then(noting("b").group(ONE)),
        noting("c").group(ONE),
        noting("d").group(OTHER));
    assertThat(threads).hasSize(4);
    assertThat(Collections.frequency(threads, threads.get(0))).isEqualTo(4);
  }

  @Test
  void aSlotIsKeptFromOneTaskToTheNextOfTheSameGroup() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("a", go).group(ONE), ok("b").group(ONE));
    bench.events.await("started a");
    bench.send(ok("x").group(ONE));
    go.countDown();
    bench.awaitQuiet();
    assertThat(bench.events.of("started")).containsExactly("started a", "started b", "started x");
  }

  @Test
  void aSlotIsGivenUpWhenTheNextTaskIsOfAnotherGroup() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(ok("a").group(ONE), waiting("b", go).group(OTHER), ok("c").group(ONE));
    bench.events.await("started b");
    bench.send(ok("x").group(ONE));
    bench.events.await("succeeded x");
    go.countDown();
    bench.awaitQuiet();
  }

  @Test
  void slowWorkOfOneKindDoesNotHoldUpAnother() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(256);
    BackgroundTask slow =
        BackgroundTask.of(
            "slow",
            () -> {
              inside.countDown();
              pass(go);
            });
    for (int i = 0; i < 300; i++) { // more than there are slots
      bench.send(slow);
    }
    pass(inside);
    bench.send(ok("quick").group(OTHER));
    bench.events.await("succeeded quick");
    assertThat(bench.stats().running()).isEqualTo(256);
    assertThat(bench.stats().queued()).isEqualTo(44);
    go.countDown();
    bench.awaitQuiet();
  }

  @RepeatedTest(5)
  void noMoreRunAtATimeThanTheGroupAllows() {
    TaskGroup three = TaskGroup.of("three").maxConcurrent(3);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    BackgroundTask task =
        BackgroundTask.of(
                "t",
                () -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  for (int i = 0; i < 100; i++) {
                    Thread.onSpinWait();
                  }
                  inside.decrementAndGet();
                })
            .group(three);
    for (int i = 0; i < 200; i++) {
      bench.send(task, BackgroundTask.parallel(task, task, task, task), task.then(ok("x")));
    }
    bench.awaitQuiet();
    assertThat(most.get()).isBetween(1, 3);
    assertThat(bench.stats("three").succeeded()).isEqualTo(1_200);
    assertThat(bench.stats("three").running()).isZero();
  }

  @Test
  void anAsynchronousTaskHoldsASlotButNoThread() throws Exception {
    int many = 2_000;
    TaskGroup wide = TaskGroup.of("wide").maxConcurrent(many).maxQueued(1);
    CompletableFuture<Object> stage = new CompletableFuture<>();
    CountDownLatch started = new CountDownLatch(many);
    BackgroundTask async =
        BackgroundTask.async(
                "async",
                context -> {
                  started.countDown();
                  return stage;
                })
            .group(wide);
    for (int i = 0; i < many; i++) {
      bench.send(async);
    }
    pass(started);
    bench.send(ok("one more").group(wide));
    assertThat(bench.stats("wide").running()).isEqualTo(many);
    assertThat(bench.stats("wide").queued()).isEqualTo(1);
    stage.complete(1);
    bench.awaitQuiet();
    assertThat(bench.stats("wide").succeeded()).isEqualTo(many + 1);
  }

  @RepeatedTest(20)
  void whatFollowsAStageNeverRunsOnTheThreadThatCompletedIt() {
    List<Thread> completing = Collections.synchronizedList(new ArrayList<>());
    BackgroundTask async =
        BackgroundTask.async(
            "async",
            context -> {
              CompletableFuture<Object> stage = new CompletableFuture<>();
              Thread foreign =
                  new Thread(
                      () -> {
                        completing.add(Thread.currentThread());
                        stage.complete(1);
                      },
                      "foreign");
              foreign.start();
              return stage;
            });
    IntStream.range(0, 20).forEach(i -> bench.send(async.then(noting("a")), noting("b")));
    bench.awaitQuiet();
    assertThat(completing).hasSize(20);
    assertThat(threads).hasSize(40).doesNotContainAnyElementsOf(completing);
    bench.assertBooksClosed();
  }

  @Test
  void neitherATaskNorAListenerRunsOnTheThreadThatReleases() {
    List<Thread> told = Collections.synchronizedList(new ArrayList<>());
    BackgroundListener listener =
        new BackgroundListener() {
          @Override
          public void started(TaskContext task) {
            told.add(Thread.currentThread());
          }

          @Override
          public void skipped(TaskContext task, String reason) {
            told.add(Thread.currentThread());
          }
        };
    try (Workbench other = new Workbench(options -> options.listener(listener))) {
      FinishHooks hooks = new FinishHooks();
      hooks.add(exchange -> threads.add(Thread.currentThread()));
      other.admit(hooks).release(Outcome.SENT, 200, 1);
      other.run(ok("excluded").when(RunWhen.NOT_SENT), noting("a"));
      assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread());
      assertThat(told).hasSize(2).doesNotContain(Thread.currentThread());
    }
  }

  @Test
  void whatIsLetGoTogetherIsOnAWorkerAndEachByItself() throws Exception {
    List<Instant> finished = Collections.synchronizedList(new ArrayList<>());
    List<Runnable> released = new ArrayList<>();
    Instant written = bench.timer.now();
    for (int i = 0; i < 3; i++) {
      Admission admission =
          bench.admit(
              BackgroundTask.of(
                  "noting",
                  task -> {
                    finished.add(task.exchange().finishedAt());
                    threads.add(Thread.currentThread());
                  }));
      released.add(admission.written(Outcome.SENT, 200, 1));
      released.add(admission.written(Outcome.FAILED, 500, 0)); // the first word counts
      released.add(
          () -> {
            threads.add(Thread.currentThread());
            throw new IllegalStateException("a mistake of ours");
          });
    }
    bench.timer.advance(Duration.ofSeconds(5));
    bench.runner.begin(released);
    bench.awaitQuiet();

    assertThat(finished).hasSize(3).containsOnly(written);
    assertThat(threads).hasSizeGreaterThanOrEqualTo(1).doesNotContain(Thread.currentThread());
    assertThat(bench.stats().succeeded()).isEqualTo(3);
    bench.assertBooksClosed();
  }

  @Test
  void aTaskThatWaitsHoldsAPlaceButNoSlot() throws Exception {
    TaskGroup tight = TaskGroup.of("tight").maxConcurrent(1).maxQueued(1);
    bench.send(ok("later").group(tight).delay(Duration.ofHours(1)));
    bench.timer.awaitAlarms(1);
    bench.send(ok("now").group(tight));
    bench.events.await("succeeded now");
    assertThat(bench.stats("tight").queued()).isEqualTo(1);
    Admission held = bench.admit(ok("second").group(tight));
    assertThat(bench.offer(ok("third").group(tight))).isNull();
    held.cancel("done with");
    bench.timer.advance(Duration.ofHours(1));
    bench.awaitQuiet();
  }
}
