package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S7 Values")
class S07ValuesTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void appendingLeavesTheTasksThatWereThereAsTheyWere() {
    Tasks one = Tasks.none().and(ok("a"));
    Tasks left = one.and(ok("b"));
    Tasks right = one.and(ok("c"));
    assertThat(Tasks.none().isEmpty()).isTrue();
    assertThat(names(one)).containsExactly("a");
    assertThat(names(left)).containsExactly("a", "b");
    assertThat(names(right)).containsExactly("a", "c");
    assertThat(right.isEmpty()).isFalse();
    assertThat(names(left.and(right))).containsExactly("a", "b", "a", "c");
    assertThat(names(left.and(Tasks.none()))).containsExactly("a", "b");
    assertThat(right.trackingId()).isNull();
    assertThat(right.andTracked(ok("d")).trackingId()).isNotBlank();
  }

  private static List<String> names(Tasks tasks) {
    return tasks.list().stream().map(BackgroundTask::toString).toList();
  }

  @Test
  void everyPolicyIsACopy() {
    BackgroundTask task = ok("a");
    assertThat(task.named("b")).isNotSameAs(task).hasToString("b");
    task.timeout(Duration.ofSeconds(1));
    task.retry(Retry.times(1));
    task.delay(Duration.ofSeconds(1));
    task.when(RunWhen.SENT);
    task.group(TaskGroup.of("g"));
    task.onError((context, error) -> {});
    assertThat(task).hasToString("a");
    assertThat(task.delay()).isZero();
    assertThat(task.policy())
        .isEqualTo(new Policy("a", TaskGroup.DEFAULT, RunWhen.ALWAYS, Retry.never(), null, null));
  }

  @Test
  void policyOfACompositeIsPolicyOfEachTaskInIt() {
    TaskGroup group = TaskGroup.of("g");
    BackgroundTask all =
        BackgroundTask.chain(
                ok("a").group(TaskGroup.of("own")), BackgroundTask.parallel(ok("b"), ok("c")))
            .group(group)
            .when(RunWhen.SENT)
            .timeout(Duration.ofSeconds(9));
    bench.run(all);
    for (String name : all.names()) {
      assertThat(bench.events.context("started " + name).group()).isEqualTo(group);
    }
    assertThat(all.parts().get(0).policy().timeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(all.parts().get(0).policy().when()).isEqualTo(RunWhen.SENT);
  }

  @Test
  void aTaskTellsTheNamesOfWhatIsInIt() {
    BackgroundTask all =
        BackgroundTask.chain(ok("a"), BackgroundTask.parallel(ok("b"), ok("c").then(ok("d"))));
    assertThat(all.names()).containsExactly("a", "b", "c", "d");
    assertThat(all).hasToString("chain[a, parallel[b, chain[c, d]]]");
    assertThat(BackgroundTask.of(() -> {}).names()).containsExactly("task");
  }

  @Test
  void aChainOfChainsIsOneChain() {
    BackgroundTask task = ok("0");
    for (int i = 1; i < 3_000; i++) {
      task = i % 2 == 0 ? task.then(ok("" + i)) : BackgroundTask.chain(task, ok("" + i));
    }
    assertThat(task.parts()).hasSize(3_000);
    assertThat(ok("z").then(task).parts()).hasSize(3_001);
  }

  @Test
  void aChainThatIsDelayedStaysAChainOfItsOwn() {
    BackgroundTask late = ok("b").then(ok("c")).delay(Duration.ofSeconds(1));
    assertThat(ok("a").then(late).parts()).hasSize(2);
  }

  @Test
  void aCompositeHasNoNameOfItsOwn() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ok("a").then(ok("b")).named("both"))
        .withMessage(
            "Only a single task has a name; name the tasks inside the chain instead of calling it"
                + " \"both\".");
  }

  @Test
  void oneTaskMayBeAttachedToManyResponses() {
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    BackgroundTask shared = BackgroundTask.of("t", context -> ran.add(context.id()));
    Tasks tasks = Tasks.none().and(shared).andTracked(shared);
    for (String request : List.of("x", "y")) {
      Admission admission =
          bench.runner.admit(Workbench.pending(request), new FinishHooks(), tasks);
      assertThat(admission).isNotNull();
      admission.release(Outcome.SENT, 200, 1);
      bench.awaitQuiet();
    }
    assertThat(ran).containsExactly("x/1", tasks.trackingId(), "y/1", tasks.trackingId());
  }

  @Test
  void groupsAreEqualWhenAllThatWasSaidOfThemIs() {
    assertThat(TaskGroup.of("pdf").maxConcurrent(2))
        .isEqualTo(TaskGroup.of("pdf").maxConcurrent(2))
        .hasSameHashCodeAs(TaskGroup.of("pdf").maxConcurrent(2))
        .isNotEqualTo(TaskGroup.of("pdf"))
        .isNotEqualTo(TaskGroup.of("pdf").maxConcurrent(2).maxQueued(1))
        .isNotEqualTo(TaskGroup.of("pdf").maxConcurrent(2).whenFull(TaskGroup.WhenFull.DROP))
        .hasToString("TaskGroup[pdf, maxConcurrent=2, maxQueued=10000, REJECT_REQUEST]");
  }

  @Test
  void optionsAreCopiedToo() {
    BackgroundOptions plain = BackgroundOptions.defaults();
    BackgroundOptions changed =
        plain.listener(new Recorder()).onError((task, error) -> {}).defaultGroup(TaskGroup.of("g"));
    assertThat(plain.listeners()).isEmpty();
    assertThat(plain.errorActions()).isEmpty();
    assertThat(plain.defaultGroup()).isEqualTo(TaskGroup.DEFAULT);
    assertThat(changed.listeners()).hasSize(1);
    assertThat(changed.timer(new ManualTimer()).errorActions()).hasSize(1);
  }
}
