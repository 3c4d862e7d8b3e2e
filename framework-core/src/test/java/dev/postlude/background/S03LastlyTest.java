package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static dev.postlude.background.Workbench.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S3 What is done when the tasks have ended too")
class S03LastlyTest {
  private final Workbench bench = new Workbench();
  private final FinishHooks hooks = new FinishHooks();
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void itIsDoneAfterHooksAndTasks() {
    hooks.addLast(() -> done.add("last on " + Thread.currentThread().getName()));
    hooks.add(exchange -> done.add("hook"));
    bench.admit(hooks, BackgroundTask.of(() -> done.add("task"))).release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(done).hasSize(3).startsWith("hook", "task");
    assertThat(done.get(2)).matches("last on postlude-background-\\d+");
  }

  @Test
  void itWaitsForRetries() throws Exception {
    hooks.addLast(() -> done.add("last"));
    BackgroundTask twice =
        BackgroundTask.of(
                "twice",
                context -> {
                  done.add("attempt " + context.attempt());
                  if (context.attempt() == 1) {
                    throw new IllegalStateException();
                  }
                })
            .retry(Retry.times(1).backoff(Duration.ofSeconds(5)));
    bench.admit(hooks, twice, ok("other")).release(Outcome.SENT, 200, 1);
    bench.events.await(event -> event.startsWith("retried twice"));
    bench.events.await("succeeded other");
    assertThat(done).containsExactly("attempt 1");
    bench.timer.advance(Duration.ofSeconds(5));
    bench.awaitQuiet();
    assertThat(done).containsExactly("attempt 1", "attempt 2", "last");
  }

  @Test
  void itIsDoneWithoutHooksAndTasks() {
    hooks.addLast(() -> done.add("last on " + Thread.currentThread().getName()));
    bench.admit(hooks).release(Outcome.DISCONNECTED, 200, 1);
    bench.awaitQuiet();
    assertThat(done).hasSize(1);
    assertThat(done.get(0)).contains("postlude-background");
    assertThatIllegalStateException().isThrownBy(() -> hooks.addLast(() -> {}));
  }

  @Test
  void oneThatFailsKeepsNoneFromBeingDone() {
    hooks.addLast(
        () -> {
          throw new IllegalStateException();
        });
    hooks.addLast(() -> done.add("last"));
    bench.admit(hooks).release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("last");
  }

  @Test
  void aReplacedResponseLeavesItToTheOneThatIsWritten() {
    hooks.addLast(() -> done.add("last"));
    bench.admit(hooks, ok("replaced")).cancel("another response was written");
    bench.awaitQuiet();
    assertThat(done).isEmpty();
    bench.admit(hooks).release(Outcome.SENT, 503, 1);
    bench.awaitQuiet();
    assertThat(done).containsExactly("last");
  }

  @Test
  void anEmptyListThatHasIsNotEmpty() {
    hooks.addLast(() -> done.add("last"));
    assertThat(hooks.sealIfEmpty()).isFalse();
  }

  @Test
  void itIsDoneWhenTheTasksAreAbandoned() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    hooks.addLast(last::countDown);
    bench.admit(hooks, waiting("stuck", never)).release(Outcome.SENT, 200, 1);
    bench.events.await("started stuck");
    bench.runner.shutdown(Duration.ZERO);
    Workbench.pass(last);
  }
}
