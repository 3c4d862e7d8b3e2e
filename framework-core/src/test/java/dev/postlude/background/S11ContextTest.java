package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.ContextCarrier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("S11 Context")
class S11ContextTest {
  private static final ThreadLocal<String> TRACE = new ThreadLocal<>();

  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final Workbench bench =
      new Workbench(options -> options.carriers(ContextCarrier.ofThreadLocal(TRACE)));

  @AfterEach
  void close() {
    TRACE.remove();
    bench.close();
  }

  /** Attaches as a handler would: with the app's carriers current, and this in the thread-local. */
  private Tasks attached(Tasks before, String trace, BackgroundTask task) {
    try (ContextCarrier.Scope current = bench.runner.carriers().makeCurrent()) {
      assertThat(current).isNotNull();
      TRACE.set(trace);
      return before.and(task);
    } finally {
      TRACE.remove();
    }
  }

  private void run(Tasks tasks) {
    Admission admission = bench.runner.admit(Workbench.pending("r"), new FinishHooks(), tasks);
    assertThat(admission).isNotNull();
    admission.release(Outcome.SENT, 200, 1);
    bench.awaitQuiet();
  }

  private BackgroundTask noting(String name) {
    return BackgroundTask.of(name, () -> seen.add(name + " " + TRACE.get()));
  }

  @Test
  void aTaskSeesTheContextThatItWasAttachedIn() {
    run(
        attached(
            attached(Tasks.none(), "one", noting("a")),
            "two",
            BackgroundTask.chain(noting("b"), noting("c"))));
    assertThat(seen).containsExactly("a one", "b two", "c two");
  }

  @Test
  void whatWasAttachedWithoutContextSeesNone() {
    run(attached(Tasks.none(), "one", noting("a")).and(noting("b")));
    assertThat(seen).containsExactly("a one", "b null");
  }

  @Test
  void everyAttemptSeesItAfresh() {
    run(
        attached(
            Tasks.none(),
            "one",
            BackgroundTask.of(
                    "a",
                    () -> {
                      seen.add(TRACE.get());
                      TRACE.set("changed");
                      throw new IOException();
                    })
                .retry(Retry.times(2))));
    assertThat(seen).containsExactly("one", "one", "one");
  }

  @Test
  void whatATaskPutsThereIsGoneForTheNextOnThatThread() {
    run(
        attached(
                Tasks.none(),
                "one",
                BackgroundTask.of(
                    "a",
                    () -> {
                      TRACE.set("left behind");
                      throw new StackOverflowError();
                    }))
            .and(noting("b")));
    assertThat(seen).containsExactly("b null");
  }

  @Test
  void anAsynchronousTaskIsStartedInIt() {
    run(
        attached(
            Tasks.none(),
            "one",
            BackgroundTask.async(
                "a",
                context -> {
                  seen.add(TRACE.get());
                  return CompletableFuture.completedFuture(1);
                })));
    assertThat(seen).containsExactly("one");
  }

  @Test
  void anErrorActionRunsInIt() {
    run(
        attached(
            Tasks.none(),
            "one",
            Workbench.failing("a").onError((task, error) -> seen.add("onError " + TRACE.get()))));
    assertThat(seen).containsExactly("onError one");
  }

  @Test
  void carriersThatThrowAreLeftOut() {
    ContextCarrier noCapture =
        () -> {
          throw new IllegalStateException();
        };
    ContextCarrier noRestore =
        () ->
            () -> {
              throw new IllegalStateException();
            };
    ContextCarrier noClose =
        () ->
            () ->
                () -> {
                  throw new StackOverflowError();
                };
    try (Workbench other =
        new Workbench(
            options ->
                options.carriers(
                    noCapture, noRestore, noClose, ContextCarrier.ofThreadLocal(TRACE)))) {
      Tasks tasks;
      try (ContextCarrier.Scope current = other.runner.carriers().makeCurrent()) {
        assertThat(current).isNotNull();
        TRACE.set("one");
        tasks = Tasks.none().and(noting("a")).and(noting("b"));
      }
      Admission admission =
          other.runner.admit(Workbench.pending("r"), new FinishHooks(), tasks.and(ok("c")));
      assertThat(admission).isNotNull();
      admission.release(Outcome.SENT, 200, 1);
      other.awaitQuiet();
      assertThat(seen).containsExactly("a one", "b one");
      assertThat(other.stats().succeeded()).isEqualTo(3);
    }
  }

  @RepeatedTest(5)
  void nothingLeaksUnderLoad() {
    for (int i = 0; i < 500; i++) {
      String trace = "t" + i;
      Tasks tasks =
          attached(
                  Tasks.none(),
                  trace,
                  BackgroundTask.parallel(
                      BackgroundTask.of(() -> check(trace)),
                      BackgroundTask.of(
                          () -> {
                            check(trace);
                            TRACE.set("dirt");
                            throw new IOException();
                          })))
              .and(BackgroundTask.of(() -> check(null)));
      Admission admission =
          bench.runner.admit(Workbench.pending("r" + i), new FinishHooks(), tasks);
      assertThat(admission).isNotNull();
      admission.release(Outcome.SENT, 200, 1);
    }
    bench.awaitQuiet();
    assertThat(bench.stats().succeeded()).isEqualTo(1_000);
    assertThat(bench.stats().failed()).isEqualTo(500);
  }

  private static void check(String expected) {
    if (!java.util.Objects.equals(TRACE.get(), expected)) {
      throw new AssertionError(TRACE.get() + " is not " + expected);
    }
  }
}
