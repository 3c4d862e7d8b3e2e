package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A runner under test, with its recorder and a timer that stands still. */
final class Workbench implements AutoCloseable {
  /** Kept, because the logging system forgets loggers that nobody holds. */
  static final Logger LOG = Logger.getLogger("dev.postlude.background");

  static final Duration LONG = Duration.ofSeconds(20);

  final Recorder events = new Recorder();
  final ManualTimer timer = new ManualTimer();
  final BackgroundRunner runner;
  private final AtomicInteger requests = new AtomicInteger();

  static {
    LOG.setUseParentHandlers(false); // tasks fail by the thousand here
  }

  Workbench() {
    this(options -> options);
  }

  Workbench(UnaryOperator<BackgroundOptions> options) {
    BackgroundOptions base =
        BackgroundOptions.defaults()
            .listener(events)
            .timer(timer)
            .slowTaskWarning(Duration.ZERO); // one alarm fewer to count
    runner = new BackgroundRunner(options.apply(base));
  }

  static Exchange pending(String requestId) {
    return new Exchange(
        requestId,
        "POST",
        "/signup/7",
        "/signup/{id}",
        Attributes.empty(),
        Instant.parse("2026-11-21T11:59:59Z"),
        0,
        0,
        Outcome.PENDING,
        null);
  }

  static Tasks tasks(BackgroundTask... tasks) {
    Tasks all = Tasks.none();
    for (BackgroundTask task : tasks) {
      all = all.and(task);
    }
    return all;
  }

  @Nullable Admission offer(BackgroundTask... tasks) {
    return runner.admit(pending("r" + requests.incrementAndGet()), new FinishHooks(), tasks(tasks));
  }

  Admission admit(BackgroundTask... tasks) {
    return Objects.requireNonNull(offer(tasks), "refused");
  }

  Admission admit(FinishHooks hooks, BackgroundTask... tasks) {
    String id = "r" + requests.incrementAndGet();
    return Objects.requireNonNull(runner.admit(pending(id), hooks, tasks(tasks)), "refused");
  }

  /** Has a response with these tasks written. */
  void send(BackgroundTask... tasks) {
    admit(tasks).release(Outcome.SENT, 200, 12);
  }

  /** The same, and waits until they have ended. */
  void run(BackgroundTask... tasks) {
    send(tasks);
    awaitQuiet();
  }

  void awaitQuiet() {
    try {
      assertThat(runner.awaitQuiet(LONG)).as("quiet").isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  BackgroundStats.Group stats(String group) {
    return Objects.requireNonNull(runner.stats().groups().get(group));
  }

  BackgroundStats.Group stats() {
    return stats("default");
  }

  /** Asserts that every task in the books has come to one end. */
  void assertBooksClosed() {
    runner
        .stats()
        .groups()
        .forEach(
            (name, group) -> {
              assertThat(
                      group.succeeded()
                          + group.failed()
                          + group.rejected()
                          + group.skipped()
                          + group.abandoned())
                  .as(name + " " + group)
                  .isEqualTo(group.submitted());
              assertThat(group.queued()).as(name + " queued").isZero();
            });
  }

  static BackgroundTask ok(String name) {
    return BackgroundTask.of(name, () -> {});
  }

  static BackgroundTask failing(String name) {
    return BackgroundTask.of(
        name,
        () -> {
          throw new IllegalStateException(name);
        });
  }

  static BackgroundTask waiting(String name, CountDownLatch latch) {
    return BackgroundTask.of(name, () -> pass(latch));
  }

  /** Throws whatever it is given, checked or not. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
  static <T extends Throwable> void sneak(Throwable error) throws T {
    throw (T) error;
  }

  static void pass(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).as("latch").isTrue();
  }

  @Override
  public void close() {
    runner.shutdown(Duration.ZERO);
  }
}
