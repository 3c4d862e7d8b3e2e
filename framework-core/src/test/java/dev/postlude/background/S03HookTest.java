package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("S3 Any-outcome hook")
class S03HookTest {
  private final Workbench bench = new Workbench();
  private final FinishHooks hooks = new FinishHooks();
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void hooksRunInReverseOrderOfRegistrationBeforeTheTasks() {
    hooks.add(exchange -> done.add("first"));
    hooks.add(exchange -> done.add("second"));
    bench.admit(hooks, BackgroundTask.of(() -> done.add("task"))).release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("second", "first", "task");
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"SENT", "DISCONNECTED", "FAILED"})
  void aHookIsToldTheOutcome(Outcome outcome) {
    AtomicReference<Exchange> told = new AtomicReference<>();
    hooks.add(told::set);
    bench.admit(hooks).release(outcome, 206, 77);
    bench.awaitQuiet();
    assertThat(told.get().outcome()).isEqualTo(outcome);
    assertThat(told.get().status()).isEqualTo(206);
    assertThat(told.get().bytesWritten()).isEqualTo(77);
    assertThat(told.get().finishedAt()).isEqualTo(bench.timer.now());
  }

  @Test
  void hooksRunOnceHoweverOftenTheResponseIsReleased() {
    hooks.add(exchange -> done.add("hook"));
    Admission admission = bench.admit(hooks);
    admission.release(Outcome.SENT, 200, 1);
    admission.release(Outcome.FAILED, 500, 1);
    admission.cancel("too late");
    bench.admit(hooks).release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("hook");
  }

  @Test
  void hooksRunOnAWorkerAndTheReleaseDoesNotWaitForThem() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<String> thread = new AtomicReference<>("");
    hooks.add(
        exchange -> {
          thread.set(Thread.currentThread().getName());
          pass(go);
        });
    bench.admit(hooks).release(Outcome.SENT, 200, 1);
    go.countDown();
    bench.awaitQuiet();
    assertThat(thread.get()).matches("postlude-background-\\d+");
  }

  @Test
  void aHookThatThrowsChangesNothingForTheOthersAndTheTasks() {
    hooks.add(exchange -> done.add("first"));
    hooks.add(
        exchange -> {
          throw new StackOverflowError();
        });
    bench.admit(hooks, ok("task")).release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("first");
    assertThat(bench.events.afterQueued()).containsExactly("started task", "succeeded task");
  }

  @Test
  void hooksTakeNoPlaceInAGroup() {
    TaskGroup one = TaskGroup.of("one").maxConcurrent(1).maxQueued(0);
    CountDownLatch go = new CountDownLatch(1);
    hooks.add(exchange -> pass(go));
    bench.admit(hooks).release(Outcome.SENT, 200, 1);
    bench.send(ok("task").group(one));
    bench.runner.stats().groups().values().forEach(g -> assertThat(g.failed()).isZero());
    go.countDown();
    bench.awaitQuiet();
    assertThat(bench.stats("one").succeeded()).isEqualTo(1);
    assertThat(bench.stats().submitted()).isZero();
  }

  @Test
  void aHookMayBeAddedUntilTheReleaseAndIsRefusedAfterwards() {
    Admission admission = bench.admit(hooks, ok("task"));
    hooks.add(exchange -> done.add("late"));
    admission.release(Outcome.SENT, 200, 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> hooks.add(exchange -> {}))
        .withMessageContaining("before the response is written");
    bench.awaitQuiet();
    assertThat(done).containsExactly("late");
  }

  @Test
  void anEmptyListThatNobodyWillAdmitCanBeSealed() {
    assertThat(hooks.sealIfEmpty()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> hooks.add(exchange -> {}));
    FinishHooks others = new FinishHooks();
    others.add(exchange -> {});
    assertThat(others.sealIfEmpty()).isFalse();
    others.add(exchange -> {});
  }

  @Test
  void theHooksOfARefusedOrReplacedResponseStayForTheOneThatIsWritten() {
    hooks.add(exchange -> done.add("hook " + exchange.status()));
    TaskGroup full = TaskGroup.of("full").maxConcurrent(1).maxQueued(0);
    Admission taker = bench.admit(ok("taker").group(full));
    assertThat(
            bench.runner.admit(
                Workbench.pending("r"), hooks, Workbench.tasks(ok("task").group(full))))
        .isNull();
    bench.admit(hooks, ok("replaced")).cancel("another response was written");
    assertThat(done).isEmpty();
    bench.admit(hooks).release(Outcome.SENT, 503, 1);
    taker.cancel("done with");
    bench.awaitQuiet();
    assertThat(done).containsExactly("hook 503");
  }
}
