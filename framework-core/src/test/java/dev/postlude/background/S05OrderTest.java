package dev.postlude.background;

import static dev.postlude.background.Workbench.failing;
import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.pass;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S5 Order")
class S05OrderTest {
  private final Workbench bench = new Workbench();
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    bench.close();
  }

  private BackgroundTask noting(String name) {
    return BackgroundTask.of(name, () -> done.add(name));
  }

  @RepeatedTest(20)
  void theTasksOfAResponseRunOneAfterTheOtherInOrderOfAttachment() {
    AtomicInteger inside = new AtomicInteger();
    BackgroundTask[] tasks =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    BackgroundTask.of(
                        "t" + i,
                        () -> {
                          assertThat(inside.incrementAndGet()).isEqualTo(1);
                          done.add("t" + i);
                          inside.decrementAndGet();
                        }))
            .toArray(BackgroundTask[]::new);
    bench.run(tasks);
    assertThat(done).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "t" + i).toList());
    assertThat(bench.stats().succeeded()).isEqualTo(50);
  }

  @Test
  void aFailureDoesNotSkipTheNextTask() {
    bench.run(failing("a"), noting("b"));
    assertThat(done).containsExactly("b");
    assertThat(bench.events.afterQueued())
        .containsExactly(
            "started a", "failed a: IllegalStateException", "started b", "succeeded b");
  }

  @Test
  void aFailureSkipsTheRestOfItsChainAndSaysSo() {
    bench.run(failing("a").then(noting("b")).then(noting("c")), noting("d"));
    assertThat(done).containsExactly("d");
    assertThat(bench.events.of("skipped"))
        .containsExactly(
            "skipped b: \"a\" failed before it in its chain",
            "skipped c: \"a\" failed before it in its chain");
    assertThat(bench.stats().skipped()).isEqualTo(2);
  }

  @Test
  void aChainRunsInOrder() {
    bench.run(BackgroundTask.chain(noting("a"), noting("b"), noting("c")));
    assertThat(done).containsExactly("a", "b", "c");
  }

  @RepeatedTest(10)
  void parallelTasksRunTogetherAndAreDoneWhenAllAre() {
    CyclicBarrier together = new CyclicBarrier(3);
    BackgroundTask meet =
        BackgroundTask.of(
            "meet", () -> assertThat(together.await(20, TimeUnit.SECONDS)).isNotNegative());
    bench.run(
        BackgroundTask.parallel(meet, meet, meet).then(noting("after the parallel ones")),
        noting("next"));
    assertThat(done).containsExactly("after the parallel ones", "next");
    assertThat(bench.stats().succeeded()).isEqualTo(5);
  }

  @Test
  void aFailureAmongParallelTasksLetsTheOthersFinishAndBreaksTheChainAroundThem() {
    bench.run(
        BackgroundTask.parallel(noting("p1"), failing("p2"), noting("p3")).then(noting("after")));
    assertThat(done).containsExactlyInAnyOrder("p1", "p3");
    assertThat(bench.events.of("skipped"))
        .containsExactly("skipped after: \"p2\" failed before it in its chain");
  }

  @Test
  void chainsAndParallelTasksNest() {
    BackgroundTask left = BackgroundTask.chain(noting("l1"), failing("l2"), noting("l3"));
    BackgroundTask right =
        BackgroundTask.chain(
            noting("r1"), BackgroundTask.parallel(noting("r2"), noting("r3")), noting("r4"));
    bench.run(
        BackgroundTask.chain(noting("first"), BackgroundTask.parallel(left, right), noting("last")),
        noting("next"));
    assertThat(done)
        .startsWith("first")
        .containsSubsequence("r1", "r2", "r4")
        .containsSubsequence("r1", "r3", "r4")
        .endsWith("next")
        .doesNotContain("l3", "last");
    assertThat(bench.stats().skipped()).isEqualTo(2);
    bench.assertBooksClosed();
  }

  @RepeatedTest(10)
  void synchronousAndAsynchronousTasksMixAndKeepTheOrder() {
    List<BackgroundTask> tasks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String name = "t" + i;
      tasks.add(
          i % 2 == 0
              ? noting(name)
              : BackgroundTask.async(
                  name, context -> CompletableFuture.runAsync(() -> done.add(name))));
    }
    List<String> expected = IntStream.range(0, 30).mapToObj(i -> "t" + i).toList();
    bench.run(tasks.toArray(BackgroundTask[]::new));
    assertThat(done).isEqualTo(expected);
    done.clear();
    bench.run(BackgroundTask.chain(tasks.toArray(BackgroundTask[]::new)));
    assertThat(done).isEqualTo(expected);
  }

  @Test
  void aFailedStageBreaksItsChainLikeAFailedTask() {
    bench.run(
        BackgroundTask.async(
                "a", context -> CompletableFuture.failedFuture(new java.io.IOException("gone")))
            .then(noting("b")),
        noting("c"));
    assertThat(done).containsExactly("c");
    assertThat(bench.events.of("failed")).containsExactly("failed a: IOException");
  }

  @Test
  void aChainOfTenThousandTakesNoMoreStackThanOneOfTwo() {
    BackgroundTask[] steps = new BackgroundTask[5_000];
    AtomicInteger ran = new AtomicInteger();
    Arrays.fill(
        steps,
        BackgroundTask.chain(
            BackgroundTask.of(ran::incrementAndGet),
            BackgroundTask.async(
                "stage", context -> CompletableFuture.completedFuture(ran.incrementAndGet()))));
    bench.run(BackgroundTask.chain(steps));
    assertThat(ran).hasValue(10_000);
    assertThat(bench.stats().succeeded()).isEqualTo(10_000);
  }

  @Test
  void tenThousandTasksInAChainThatFailsAtItsHeadAreAllReportedAsSkipped() {
    BackgroundTask[] steps = new BackgroundTask[10_000];
    Arrays.fill(steps, ok("step"));
    steps[0] = failing("head");
    bench.run(BackgroundTask.chain(steps));
    assertThat(bench.stats().failed()).isEqualTo(1);
    assertThat(bench.stats().skipped()).isEqualTo(9_999);
  }

  @Test
  void aTaskThatWaitsForItsRetryHoldsBackItsChainButNotItsNeighbours() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    BackgroundTask flaky =
        BackgroundTask.of(
                "flaky",
                () -> {
                  done.add("flaky " + attempts.incrementAndGet());
                  if (attempts.get() == 1) {
                    throw new IllegalStateException();
                  }
                })
            .retry(Retry.times(1).backoff(Duration.ofSeconds(5)));
    bench.send(flaky.then(noting("successor")), noting("neighbour"));
    bench.events.await("succeeded neighbour");
    bench.timer.awaitAlarms(1);
    assertThat(done).containsExactly("flaky 1", "neighbour");
    bench.timer.advance(Duration.ofSeconds(5));
    bench.awaitQuiet();
    assertThat(done).containsExactly("flaky 1", "neighbour", "flaky 2", "successor");
  }

  @Test
  void aRetryWithoutAWaitDoesNotHoldBackANeighbourEither() {
    CountDownLatch neighbourRan = new CountDownLatch(1);
    BackgroundTask flaky =
        BackgroundTask.of(
                "flaky",
                context -> {
                  if (context.attempt() == 1) {
                    throw new IllegalStateException();
                  }
                  pass(neighbourRan);
                })
            .retry(Retry.times(1));
    bench.run(flaky, BackgroundTask.of("neighbour", neighbourRan::countDown));
    assertThat(bench.stats().succeeded()).isEqualTo(2);
  }

  @Test
  void aNeighbourWaitsForTheFirstAttempt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("slow", go), noting("neighbour"));
    bench.events.await("started slow");
    assertThat(bench.events.of("started")).containsExactly("started slow");
    go.countDown();
    bench.awaitQuiet();
    assertThat(done).containsExactly("neighbour");
  }

  @Test
  void aNeighbourWaitsForAnAsynchronousTaskToo() throws Exception {
    CompletableFuture<Object> stage = new CompletableFuture<>();
    bench.send(BackgroundTask.async("stage", context -> stage), noting("neighbour"));
    bench.events.await("started stage");
    assertThat(done).isEmpty();
    stage.complete(1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("neighbour");
  }

  @Test
  void aNeighbourGoesOnWhenAllParallelBranchesWait() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(
        BackgroundTask.parallel(noting("later").delay(Duration.ofSeconds(1)), waiting("now", go)),
        noting("neighbour"));
    bench.events.await("started now");
    assertThat(done).isEmpty();
    go.countDown();
    bench.events.await("succeeded neighbour");
    bench.timer.advance(Duration.ofSeconds(1));
    bench.awaitQuiet();
    assertThat(done).containsExactly("neighbour", "later");
  }

  @Test
  void whatWokeUpAmongParallelTasksDoesNotLetTheNeighbourOvertakeTheOthers() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    BackgroundTask flaky =
        BackgroundTask.of(
                "flaky",
                context -> {
                  if (context.attempt() == 1) {
                    throw new IllegalStateException();
                  }
                })
            .retry(Retry.times(1).backoff(Duration.ofSeconds(1)));
    bench.send(
        BackgroundTask.parallel(
            waiting("slow", go), flaky, noting("delayed").delay(Duration.ofSeconds(2))),
        noting("neighbour"));
    bench.events.await("started slow");
    bench.timer.awaitAlarms(2);
    bench.timer.advance(Duration.ofSeconds(1));
    bench.events.await("succeeded flaky");
    bench.timer.advance(Duration.ofSeconds(1));
    bench.events.await("succeeded delayed");
    assertThat(bench.runner.awaitQuiet(Duration.ofMillis(20))).isFalse();
    assertThat(done).containsExactly("delayed");
    go.countDown();
    bench.awaitQuiet();
    assertThat(done).containsExactly("delayed", "neighbour");
  }

  @Test
  void aDelayedTaskHoldsBackItsChainButNotItsNeighbours() throws Exception {
    bench.send(
        noting("delayed").delay(Duration.ofSeconds(3)).then(noting("successor")),
        noting("neighbour"));
    bench.events.await("succeeded neighbour");
    assertThat(done).containsExactly("neighbour");
    bench.timer.advance(Duration.ofSeconds(3));
    bench.awaitQuiet();
    assertThat(done).containsExactly("neighbour", "delayed", "successor");
  }

  @Test
  void theDelayOfAChainPutsOffItsFirstTaskAndThatOfParallelTasksEach() throws Exception {
    bench.send(
        BackgroundTask.chain(noting("c1").delay(Duration.ofSeconds(1)), noting("c2"))
            .delay(Duration.ofSeconds(2)),
        BackgroundTask.parallel(noting("p1"), noting("p2")).delay(Duration.ofSeconds(10)));
    bench.timer.awaitAlarms(2);
    bench.timer.advance(Duration.ofSeconds(2));
    assertThat(bench.events.of("started")).isEmpty();
    bench.timer.awaitAlarms(2);
    bench.timer.advance(Duration.ofSeconds(1));
    bench.events.await("succeeded c2");
    assertThat(done).containsExactly("c1", "c2");
    bench.timer.advance(Duration.ofSeconds(7));
    bench.awaitQuiet();
    assertThat(done).hasSize(4).contains("p1", "p2");
  }

  @Test
  void tasksOfDifferentResponsesDoNotWaitForEachOther() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("slow", go));
    bench.send(noting("other"));
    bench.events.await("succeeded other");
    go.countDown();
    bench.awaitQuiet();
  }
}
