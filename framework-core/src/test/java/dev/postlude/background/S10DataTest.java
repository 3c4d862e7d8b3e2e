package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.Attributes;
import dev.postlude.context.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S10 Data")
class S10DataTest {
  private static final Key<String> USER = Key.of("user");

  private final Workbench bench = new Workbench();
  private final AtomicReference<TaskContext> seen = new AtomicReference<>();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aTaskKnowsItselfAndItsRequest() {
    Exchange plain = Workbench.pending("r9");
    Exchange pending =
        new Exchange(
            plain.requestId(),
            plain.method(),
            plain.path(),
            plain.route(),
            Attributes.empty().with(USER, "ada"),
            plain.receivedAt(),
            0,
            0,
            Outcome.PENDING,
            null);
    TaskGroup group = TaskGroup.of("mail");
    final Instant queuedAt = bench.timer.now();
    Admission admission =
        bench.runner.admit(
            pending,
            new FinishHooks(),
            Workbench.tasks(
                Workbench.ok("x"), BackgroundTask.of("welcome", seen::set).group(group)));
    bench.timer.advance(Duration.ofSeconds(2));
    Objects.requireNonNull(admission).release(Outcome.DISCONNECTED, 201, 42);
    bench.awaitQuiet();
    TaskContext task = seen.get();
    assertThat(task.id()).isEqualTo("r9/2");
    assertThat(task.position()).isEqualTo(2);
    assertThat(task.name()).isEqualTo("welcome");
    assertThat(task.group()).isEqualTo(group);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.requestId()).isEqualTo("r9");
    assertThat(task.method()).isEqualTo("POST");
    assertThat(task.path()).isEqualTo("/signup/7");
    assertThat(task.route()).isEqualTo("/signup/{id}");
    assertThat(task.status()).isEqualTo(201);
    assertThat(task.bytesWritten()).isEqualTo(42);
    assertThat(task.outcome()).isEqualTo(Outcome.DISCONNECTED);
    assertThat(task.queuedAt()).isEqualTo(queuedAt);
    assertThat(task.startedAt()).isEqualTo(queuedAt.plusSeconds(2));
    assertThat(task.exchange().finishedAt()).isEqualTo(queuedAt.plusSeconds(2));
    assertThat(task.exchange().receivedAt()).isEqualTo(pending.receivedAt());
    assertThat(task.attribute(USER)).contains("ada");
    assertThat(task.attributes().get(USER)).isEqualTo("ada");
    assertThat(task).hasToString("TaskContext[welcome, r9/2, attempt 1]");
  }

  @Test
  void beforeItsFirstAttemptATaskHasNotStarted() {
    bench.admit(Workbench.ok("a")).cancel("gone");
    TaskContext queued = bench.events.context("queued a");
    assertThat(queued.attempt()).isZero();
    assertThat(queued.startedAt()).isNull();
    assertThat(queued.outcome()).isEqualTo(Outcome.PENDING);
    assertThat(bench.events.context("skipped a: gone").attempt()).isZero();
    queued.progress(1, 2, "nobody is told");
    assertThat(bench.events.of("progressed")).isEmpty();
  }

  @Test
  void aContextCanBeKeptAndTellsOfItsOwnAttempt() {
    AtomicReference<TaskContext> first = new AtomicReference<>();
    bench.run(
        BackgroundTask.of(
                "a",
                context -> {
                  if (first.compareAndSet(null, context)) {
                    throw new IllegalStateException();
                  }
                  seen.set(context);
                })
            .retry(Retry.times(1)));
    assertThat(first.get().attempt()).isEqualTo(1);
    assertThat(seen.get().attempt()).isEqualTo(2);
    first.get().progress(1, 1, "late");
    assertThat(bench.events.of("progressed")).isEmpty();
  }

  @Test
  void progressReachesTheListenersWhileTheAttemptRuns() {
    bench.run(
        BackgroundTask.of(
            "a",
            context -> {
              seen.set(context);
              context.progress(3, 10, "three");
            }));
    seen.get().progress(10, 10, "too late");
    assertThat(bench.events.of("progressed")).containsExactly("progressed a: 3/10 three");
  }
}
