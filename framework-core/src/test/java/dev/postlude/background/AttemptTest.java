package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.ContextCarriers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("An attempt is decided by the last of those who take part")
class AttemptTest {
  private final TimeoutException late = new TimeoutException("late");

  private final AtomicInteger onward = new AtomicInteger();
  private final CompletableFuture<Object> stage = new CompletableFuture<>();

  private static Attempt attempt(Work work) {
    TaskContext context =
        new TaskContext(
            null,
            1,
            "t",
            TaskGroup.DEFAULT,
            Workbench.pending("r"),
            Instant.EPOCH,
            1,
            Instant.EPOCH,
            (task, done, total, message) -> {});
    return new Attempt(work, context, ContextCarriers.none().capture());
  }

  private boolean run(Attempt attempt) {
    return attempt.run(onward::incrementAndGet);
  }

  @Test
  void theWorkerIfThereIsNoStage() {
    Attempt attempt = attempt(context -> null);
    assertThat(run(attempt)).isTrue();
    assertThat(attempt.failure()).isNull();
    assertThat(attempt.cut(late)).isFalse();
  }

  @Test
  void theWorkerIfTheStageCompletesBeforeItLeaves() {
    stage.complete(1);
    assertThat(run(attempt(context -> stage))).isTrue();
    assertThat(onward).hasValue(0);
  }

  @Test
  void theStageIfTheWorkerHasLeft() {
    Attempt attempt = attempt(context -> stage);
    assertThat(run(attempt)).isFalse();
    stage.completeExceptionally(late);
    assertThat(onward).hasValue(1);
    assertThat(attempt.failure()).isSameAs(late);
  }

  @Test
  void theWorkerIfTheDeadlineWasToldWhileItWasInside() {
    Attempt[] attempt = new Attempt[1];
    attempt[0] =
        attempt(
            context -> {
              assertThat(attempt[0].cut(late)).isTrue();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              assertThat(attempt[0].told()).isFalse();
              return stage;
            });
    assertThat(run(attempt[0])).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(attempt[0].failure()).isSameAs(late);
    assertThat(stage).isCancelled();
  }

  @Test
  void whoeverTellsOfTheDeadlineIfTheWorkerLeftBefore() {
    Attempt[] attempt = new Attempt[1];
    attempt[0] =
        attempt(
            context -> {
              assertThat(attempt[0].cut(late)).isTrue();
              throw new IllegalStateException("stopped");
            });
    assertThat(run(attempt[0])).isFalse();
    assertThat(attempt[0].told()).isTrue();
    assertThat(attempt[0].failure()).isSameAs(late);
    assertThat(late.getSuppressed()).extracting(Throwable::getMessage).contains("stopped");
  }

  @Test
  void whoeverTellsOfTheDeadlineWhateverTheStageDoesLater() {
    Attempt attempt = attempt(context -> stage);
    assertThat(run(attempt)).isFalse();
    assertThat(attempt.cut(late)).isTrue();
    assertThat(attempt.cut(late)).isFalse();
    stage.complete("late");
    attempt.cancelStage();
    assertThat(onward).hasValue(0);
    assertThat(attempt.told()).isTrue();
    assertThat(attempt.failure()).isSameAs(late);
  }

  @Test
  void codeIsNotEnteredAfterItsDeadline() {
    Attempt attempt =
        attempt(
            context -> {
              throw new AssertionError("entered");
            });
    assertThat(attempt.cut(late)).isTrue();
    assertThat(run(attempt)).isFalse();
    assertThat(attempt.told()).isTrue();
    assertThat(attempt.failure()).isSameAs(late);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @RepeatedTest(500)
  void exactlyOneOfThemHoweverTheyMeet() throws Exception {
    CyclicBarrier start = new CyclicBarrier(3);
    AtomicInteger decided = new AtomicInteger();
    CountDownLatch parties = new CountDownLatch(2);
    Attempt attempt = attempt(context -> stage);
    Thread completing =
        new Thread(
            () -> {
              await(start);
              stage.complete(1);
              parties.countDown();
            });
    Thread deadline =
        new Thread(
            () -> {
              await(start);
              if (attempt.cut(new TimeoutException())) {
                attempt.cancelStage();
                decided.addAndGet(attempt.told() ? 1 : 0);
              }
              parties.countDown();
            });
    completing.start();
    deadline.start();
    await(start);
    decided.addAndGet(run(attempt) ? 1 : 0);
    Workbench.pass(parties);
    assertThat(decided.get() + onward.get()).isEqualTo(1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await();
    } catch (Exception stopped) {
      throw new AssertionError(stopped);
    }
  }
}
