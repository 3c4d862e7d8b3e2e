package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S15 Tests: hold, and wait until it is quiet")
class S15HoldTest {
  private static final TaskGroup ONE = TaskGroup.of("one").maxConcurrent(1);

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void nothingThatIsReleasedStartsWhilePaused() throws Exception {
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    FinishHooks hooks = new FinishHooks();
    hooks.add(exchange -> done.add("hook"));
    bench.runner.pause();
    bench.admit(hooks, ok("a")).release(Outcome.SENT, 200, 1);
    bench.send(ok("b"));
    assertThat(bench.runner.awaitQuiet(Duration.ofMillis(50))).isFalse();
    assertThat(done).isEmpty();
    assertThat(bench.events.afterQueued()).isEmpty();
    bench.runner.resume();
    bench.awaitQuiet();
    assertThat(done).containsExactly("hook");
    assertThat(bench.stats().succeeded()).isEqualTo(2);
  }

  @RepeatedTest(10)
  void whatWasHeldGoesOnInTheOrderInWhichItCame() {
    bench.runner.pause();
    for (int i = 0; i < 30; i++) {
      bench.send(ok("t" + i).group(ONE));
    }
    bench.runner.resume();
    bench.awaitQuiet();
    for (int i = 0; i < 30; i++) {
      assertThat(bench.events.of("started").get(i)).isEqualTo("started t" + i);
    }
  }

  @Test
  void anAttemptThatRunsGoesOnButNothingAfterIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    bench.send(waiting("a", go).group(ONE), ok("b").group(ONE));
    bench.send(ok("c").group(ONE));
    bench.events.await("started a");
    bench.runner.pause();
    go.countDown();
    bench.events.await("succeeded a");
    assertThat(bench.runner.awaitQuiet(Duration.ofMillis(50))).isFalse();
    assertThat(bench.events.of("started")).containsExactly("started a");
    assertThat(bench.stats("one").running()).isZero();
    bench.runner.resume();
    bench.awaitQuiet();
    assertThat(bench.stats("one").succeeded()).isEqualTo(3);
  }

  @Test
  void aTaskIsNotQuietBeforeItIsReleased() throws Exception {
    Admission admission = bench.admit(ok("a"));
    assertThat(bench.runner.awaitQuiet(Duration.ZERO)).isFalse();
    admission.release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(bench.events.afterQueued()).containsExactly("started a", "succeeded a");
  }

  @RepeatedTest(50)
  void pausingAndResumingUnderLoadLosesNothing() {
    for (int i = 0; i < 20; i++) {
      bench.runner.pause();
      bench.send(ok("a").group(ONE), ok("b"), ok("c").group(ONE));
      bench.runner.resume();
      bench.send(BackgroundTask.parallel(ok("d"), ok("e").group(ONE)));
      bench.runner.pause();
      bench.runner.resume();
    }
    bench.awaitQuiet();
    assertThat(bench.stats("one").succeeded()).isEqualTo(60);
    assertThat(bench.stats().succeeded()).isEqualTo(40);
  }
}
