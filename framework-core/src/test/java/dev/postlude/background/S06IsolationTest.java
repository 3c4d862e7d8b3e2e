package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("S6 Isolation")
class S06IsolationTest {
  private final List<LogRecord> logged = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
  private final Workbench bench =
      new Workbench(
          options ->
              options.onError(
                  (task, error) -> handled.add(task.name() + " " + error.getMessage())));

  @BeforeEach
  void listen() {
    Workbench.LOG.addHandler(handler);
  }

  @AfterEach
  void close() {
    Workbench.LOG.removeHandler(handler);
    bench.close();
  }

  static Stream<Throwable> everythingThatCanBeThrown() {
    return Stream.of(
        new IOException("x"),
        new IllegalStateException("x"),
        new InterruptedException("x"),
        new AssertionError("x"),
        new NoClassDefFoundError("x"),
        new StackOverflowError("x"),
        new OutOfMemoryError("x"),
        new InternalError("x"),
        new Throwable("x"));
  }

  @ParameterizedTest
  @MethodSource("everythingThatCanBeThrown")
  void whateverATaskThrowsIsLoggedOnceAndHandedOn(Throwable error) {
    bench.run(BackgroundTask.of("bad", () -> Workbench.<RuntimeException>sneak(error)), ok("next"));
    assertThat(handled).containsExactly("bad x");
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getThrown()).isSameAs(error);
    assertThat(logged.get(0).getLevel()).isEqualTo(Level.SEVERE);
    assertThat(logged.get(0).getMessage())
        .isEqualTo("Background task \"bad\" of POST /signup/{id} (request r1), attempt 1, failed.");
    assertThat(bench.stats().failed()).isEqualTo(1);
    assertThat(bench.stats().succeeded()).isEqualTo(1);
  }

  @Test
  void aRealStackOverflowIsAFailureLikeAnyOther() {
    bench.run(BackgroundTask.of("deep", S06IsolationTest::recurse), ok("next"));
    assertThat(bench.events.of("failed")).containsExactly("failed deep: StackOverflowError");
    assertThat(bench.stats().succeeded()).isEqualTo(1);
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static void recurse() {
    recurse();
  }

  @Test
  void theTasksOwnErrorActionComesFirst() {
    bench.run(
        BackgroundTask.of(
                "bad",
                () -> {
                  throw new IOException("gone");
                })
            .onError((task, error) -> handled.add("own " + error.getMessage())));
    assertThat(handled).containsExactly("own gone", "bad gone");
  }

  @Test
  void errorActionsAreCalledOnceForATaskThatIsTriedAgain() {
    bench.run(Workbench.failing("bad").retry(Retry.times(3)));
    assertThat(handled).hasSize(1);
    assertThat(logged.stream().filter(entry -> entry.getLevel().equals(Level.SEVERE))).hasSize(1);
  }

  @Test
  void aStagesFailureIsHandedOnWithoutItsWrapping() {
    bench.run(
        BackgroundTask.async(
            "bad",
            context ->
                CompletableFuture.failedStage(
                    new CompletionException(new CompletionException(new IOException("gone"))))));
    assertThat(handled).containsExactly("bad gone");
  }

  @Test
  void aStageThatIsMissingIsAFailureThatSaysSo() {
    bench.run(BackgroundTask.async("bad", context -> nothing()));
    assertThat(handled).containsExactly("bad An asynchronous task must return a stage, not null.");
  }

  @SuppressWarnings("NullAway") // what a careless user may do
  private static CompletionStage<?> nothing() {
    return null;
  }

  @Test
  void listenersAndErrorActionsThatThrowChangeNothing() {
    BackgroundListener bad =
        new BackgroundListener() {
          @Override
          public void queued(TaskContext task) {
            throw new AssertionError();
          }

          @Override
          public void started(TaskContext task) {
            throw new StackOverflowError();
          }

          @Override
          public void succeeded(TaskContext task) {
            throw new IllegalStateException();
          }

          @Override
          public void failed(TaskContext task, Throwable error) {
            throw new IllegalStateException();
          }

          @Override
          public void skipped(TaskContext task, String reason) {
            throw new IllegalStateException();
          }
        };
    Recorder after = new Recorder();
    try (Workbench other =
        new Workbench(
            options ->
                options
                    .listener(bad)
                    .listener(after)
                    .onError(
                        (task, error) -> {
                          throw new IOException("no");
                        }))) {
      other.run(
          ok("good"),
          Workbench.failing("bad")
              .onError(
                  (task, error) -> {
                    throw new AssertionError("no");
                  })
              .then(ok("rest")));
      other.assertBooksClosed();
      assertThat(after.events()).isEqualTo(other.events.events()).hasSize(8);
    }
  }

  @Test
  void aNameFromOutsideCannotWriteALineOfItsOwnIntoTheLog() {
    bench.run(Workbench.failing("x\r\n2026-11-21 INFO all is well\u2028\u001b[31m"));
    assertThat(logged.get(0).getMessage())
        .startsWith("Background task \"x??2026-11-21 INFO all is well??[31m\" of ");
  }

  @Test
  void aVeryLongNameIsCutInTheLog() {
    bench.run(Workbench.failing("x".repeat(10_000)));
    assertThat(logged.get(0).getMessage()).hasSizeLessThan(400).contains("xxx...\"");
  }

  @Test
  void aRetrysConditionThatThrowsMakesTheTaskAFailedOne() {
    bench.run(
        Workbench.failing("bad")
            .retry(
                Retry.times(2)
                    .onlyIf(
                        error -> {
                          throw new IllegalStateException("undecided");
                        })));
    assertThat(handled).containsExactly("bad bad");
    bench.assertBooksClosed();
  }

  @Test
  void aTimerThatThrowsDoesNotStrandATask() {
    TaskTimer broken =
        new TaskTimer() {
          @Override
          public java.time.Instant now() {
            return java.time.Instant.EPOCH;
          }

          @Override
          public Cancellable schedule(Runnable action, java.time.Duration delay) {
            throw new IllegalStateException("no alarms today");
          }
        };
    try (Workbench other = new Workbench(options -> options.timer(broken))) {
      other.run(
          ok("delayed").delay(java.time.Duration.ofDays(1)),
          Workbench.failing("bad")
              .timeout(java.time.Duration.ofDays(1))
              .retry(Retry.times(1).backoff(java.time.Duration.ofDays(1))));
      other.assertBooksClosed();
      assertThat(other.stats().succeeded()).isEqualTo(1);
      assertThat(other.stats().failed()).isEqualTo(1);
    }
  }
}
