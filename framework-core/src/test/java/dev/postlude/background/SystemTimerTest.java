package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemTimerTest {
  private final SystemTimer timer = new SystemTimer();

  @Test
  void anActionRunsOnADaemonThreadOfItsOwnNotBeforeItsTime() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    long start = System.nanoTime();
    timer.schedule(() -> thread.complete(Thread.currentThread()), Duration.ofMillis(20));
    assertThat(thread.get(20, TimeUnit.SECONDS).getName()).isEqualTo("postlude-background-timer");
    assertThat(thread.join().isDaemon()).isTrue();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void whatIsCalledOffDoesNotRun() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    TaskTimer.Cancellable early =
        timer.schedule(() -> first.complete("early"), Duration.ofMillis(500));
    early.cancel();
    early.cancel();
    timer.schedule(() -> first.complete("late"), Duration.ofMillis(501));
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("late");
  }

  @Test
  void aVeryLongDelayIsNotAVeryShortOne() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    timer.schedule(() -> first.complete("in aeons"), Duration.ofSeconds(Long.MAX_VALUE));
    timer.schedule(() -> first.complete("now"), Duration.ZERO);
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("now");
  }

  @Test
  void itTellsTheTimeOfTheSystem() {
    assertThat(timer.now()).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }
}
