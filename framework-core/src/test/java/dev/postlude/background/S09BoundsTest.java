package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.background.TaskGroup.WhenFull;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S9 Bounds")
class S09BoundsTest {
  private static final TaskGroup STRICT = TaskGroup.of("strict").maxConcurrent(1).maxQueued(2);
  private static final TaskGroup ROOMY = TaskGroup.of("roomy").maxConcurrent(1).maxQueued(50);
  private static final TaskGroup LOSSY =
      TaskGroup.of("lossy").maxConcurrent(1).maxQueued(1).whenFull(WhenFull.DROP);

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aPlaceIsTakenBeforeTheResponseIsWrittenAndGivenBackWhenTheTaskHasEnded() {
    Admission first = bench.admit(ok("a").group(STRICT), ok("b").group(STRICT));
    bench.admit(ok("c").group(STRICT));
    assertThat(bench.stats("strict").queued()).isEqualTo(3);
    assertThat(bench.offer(ok("d").group(STRICT))).isNull();
    first.release(Outcome.SENT, 200, 1);
    while (bench.stats("strict").succeeded() < 2) {
      Thread.onSpinWait();
    }
    bench.admit(ok("e").group(STRICT), ok("f").group(STRICT));
    assertThat(bench.offer(ok("g").group(STRICT))).isNull();
  }

  @Test
  void aRefusedResponseHasAllItsTasksRejectedAndRunsNone() {
    assertThat(
            bench.offer(
                ok("a").group(ROOMY),
                BackgroundTask.parallel(ok("b").group(STRICT), ok("c").group(STRICT))
                    .then(ok("d").group(LOSSY)),
                ok("e").group(STRICT).then(ok("f").group(STRICT))))
        .isNull();
    assertThat(bench.events.events())
        .containsExactly(
            "rejected a", "rejected b", "rejected c", "rejected d", "rejected e", "rejected f");
    assertThat(bench.stats("roomy").rejected()).isEqualTo(1);
    assertThat(bench.stats("strict").rejected()).isEqualTo(4);
    assertThat(bench.stats("lossy").rejected()).isEqualTo(1);
    bench.assertBooksClosed();
    bench.run(ok("a").group(STRICT), ok("b").group(STRICT), ok("c").group(STRICT));
    assertThat(bench.stats("strict").succeeded()).isEqualTo(3);
  }

  @Test
  void aGroupThatDropsLosesTheElementAndKeepsTheRest() {
    bench.admit(ok("x").group(LOSSY), ok("y").group(LOSSY));
    Admission admission =
        bench.admit(
            ok("a").group(ROOMY),
            ok("b").group(ROOMY).then(ok("c").group(LOSSY)).then(ok("d").group(STRICT)),
            ok("e").group(STRICT));
    assertThat(bench.events.of("rejected"))
        .containsExactly("rejected b", "rejected c", "rejected d");
    admission.release(Outcome.SENT, 200, 1);
    while (bench.stats("strict").succeeded() < 1) {
      Thread.onSpinWait();
    }
    assertThat(bench.events.of("started")).containsExactly("started a", "started e");
    assertThat(bench.events.context("started e").position()).isEqualTo(5);
    assertThat(bench.stats("roomy").rejected()).isEqualTo(1);
    assertThat(bench.stats("strict").rejected()).isEqualTo(1);
  }

  @Test
  void aResponseThatLosesAllItsTasksIsAdmittedAllTheSame() {
    bench.admit(ok("x").group(LOSSY), ok("y").group(LOSSY)).cancel("gone");
    Admission taker = bench.admit(ok("x").group(LOSSY), ok("y").group(LOSSY));
    bench.send(ok("z").group(LOSSY));
    taker.cancel("gone");
    bench.awaitQuiet();
    assertThat(bench.stats("lossy").rejected()).isEqualTo(1);
    bench.assertBooksClosed();
  }

  @Test
  void twoGroupsThatDropTakeNothingFromEachOther() {
    TaskGroup wide = TaskGroup.of("wide").maxConcurrent(5).whenFull(WhenFull.DROP);
    bench.admit(ok("x").group(LOSSY), ok("y").group(LOSSY));
    bench.admit(ok("a").group(wide).then(ok("b").group(LOSSY)));
    assertThat(bench.stats("wide").queued()).isZero();
    assertThat(bench.stats("wide").rejected()).isEqualTo(1);
    assertThat(bench.stats("wide").submitted()).isEqualTo(1);
  }

  @Test
  void aTaskWaitingForASlotWaitsInOrder() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("first", go).group(ROOMY));
    for (int i = 0; i < 20; i++) {
      bench.send(ok("t" + i).group(ROOMY));
    }
    bench.events.await("started first");
    go.countDown();
    bench.awaitQuiet();
    for (int i = 0; i < 20; i++) {
      assertThat(bench.events.of("started").get(i + 1)).isEqualTo("started t" + i);
    }
  }

  @RepeatedTest(10)
  void noMoreAreAdmittedThanThereArePlacesHoweverManyAsk() throws Exception {
    TaskGroup two = TaskGroup.of("two").maxConcurrent(1).maxQueued(9);
    TaskGroup three = TaskGroup.of("three").maxConcurrent(7).maxQueued(8);
    AtomicInteger admitted = new AtomicInteger();
    ExecutorService askers = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 200; i++) {
      boolean turned = i % 2 == 0; // takes the groups the other way round: nobody may lock up
      askers.execute(
          () -> {
            BackgroundTask a = ok("a").group(turned ? two : three);
            BackgroundTask b = ok("b").group(turned ? three : two);
            if (bench.offer(a, b.then(ok("c").group(three))) != null) {
              admitted.incrementAndGet();
            }
          });
    }
    askers.shutdown();
    assertThat(askers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    BackgroundStats.Group narrow = bench.stats("two");
    BackgroundStats.Group wide = bench.stats("three");
    assertThat(narrow.queued()).isEqualTo(admitted.get());
    assertThat(wide.queued()).isEqualTo(2 * admitted.get());
    assertThat(admitted).hasValueLessThanOrEqualTo(7);
    assertThat(narrow.submitted()).isEqualTo(200).isEqualTo(narrow.rejected() + narrow.queued());
    assertThat(wide.submitted()).isEqualTo(400).isEqualTo(wide.rejected() + wide.queued());
    while (bench.offer(ok("a").group(two), ok("b").group(three).then(ok("c").group(three)))
        != null) {
      admitted.incrementAndGet();
    }
    assertThat(admitted).hasValue(7); // what was refused has left nothing behind
  }

  @Test
  void aGroupsNameStandsForOneGroup() {
    bench.run(ok("a").group(STRICT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench.offer(ok("a").group(ROOMY), ok("b").group(STRICT.maxQueued(7))))
        .withMessageContaining("two groups of one name")
        .withMessageContaining("maxQueued=7");
    assertThat(bench.stats("roomy").submitted()).isZero();
  }

  @Test
  void thereAreAThousandGroupsAtMost() {
    for (int i = 0; i < 999; i++) { // and the default group
      bench.run(ok("t").group(TaskGroup.of("g" + i)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench.offer(ok("t").group(TaskGroup.of("one too many"))))
        .withMessageContaining("\"one too many\"")
        .withMessageContaining("constants");
    bench.run(ok("t").group(TaskGroup.of("g0")));
    bench.assertBooksClosed();
  }

  @Test
  void theDefaultGroupIsWhatTheOptionsSay() {
    TaskGroup mine = TaskGroup.of("mine").maxConcurrent(1).maxQueued(0);
    try (Workbench other = new Workbench(options -> options.defaultGroup(mine))) {
      other.admit(ok("a"));
      assertThat(other.offer(ok("b").group(TaskGroup.DEFAULT))).isNull();
      assertThat(other.stats("mine").rejected()).isEqualTo(1);
      assertThat(other.events.context("queued a").group()).isEqualTo(mine);
    }
  }
}
