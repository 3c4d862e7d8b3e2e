package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Retry;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged of attempts that fail. */
class FailedAttemptTest {
  @TempDir Path folder;

  private final LogRecords log = LogRecords.ofTasks();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  /** Runs a task that fails twice, and returns its id. */
  private String failTwice() throws Exception {
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<String> type =
          queue.define(
              "a\nname",
              String.class,
              TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofMillis(1))),
              (payload, run) -> {
                throw new IllegalStateException("no\nanswer\u2028");
              });
      queue.start();
      String id = Bells.value(type.enqueue("x"));
      Bells.await(queue, id, TaskState.DEAD);
      return id;
    }
  }

  @Test
  void oneThatIsTriedAgainIsWarnedOfInOneLineWithoutItsStack() throws Exception {
    String id = failTwice();

    LogRecord first = log.next();
    assertThat(first.getLevel()).isEqualTo(Level.WARNING);
    assertThat(first.getMessage())
        .isEqualTo(
            "task a?name "
                + id
                + " failed, next attempt in 0.001 s: java.lang.IllegalStateException: no?answer?");
    assertThat(first.getThrown()).isNull();
    LogRecord last = log.next();
    assertThat(last.getLevel()).isEqualTo(Level.SEVERE);
    assertThat(last.getMessage()).isEqualTo("task a?name " + id + " is dead");
    assertThat(last.getThrown()).hasMessageStartingWith("no");
  }

  @Test
  void itsStackIsThereAtDebug() throws Exception {
    log.withDebug();

    failTwice();

    assertThat(log.next().getLevel()).isEqualTo(Level.WARNING);
    LogRecord second = log.next();
    assertThat(second.getLevel()).isEqualTo(Level.FINE);
    assertThat(second.getThrown()).isInstanceOf(IllegalStateException.class);
  }

  /** A failure that cannot even be told of. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean worse;

    Unspeakable(boolean worse) {
      this.worse = worse;
    }

    @Override
    public String getMessage() {
      if (worse) {
        throw new NoClassDefFoundError("on purpose");
      }
      throw new IllegalStateException("on purpose");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureWhoseMessageThrowsIsNoCrash(boolean worse) throws Exception {
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<String> type =
          queue.define(
              "odd",
              String.class,
              TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofMillis(1))),
              (payload, run) -> {
                throw new Unspeakable(worse);
              });
      queue.start();
      TaskRecord dead = Bells.await(queue, Bells.value(type.enqueue("x")), TaskState.DEAD);
      assertThat(dead.attempt()).isEqualTo(2);
      assertThat(dead.crashes()).isZero();
      assertThat(dead.error()).contains("Unspeakable");
    }
  }

  @Test
  void aConditionThatThrowsWhatItWasGivenIsTheEnd() throws Exception {
    Predicate<Throwable> rethrowing =
        error -> {
          throw (RuntimeException) error;
        };
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<String> type =
          queue.define(
              "same",
              String.class,
              TaskPolicy.defaults().retry(Retry.times(1).onlyIf(rethrowing)),
              (payload, run) -> {
                throw new IllegalStateException("given");
              });
      queue.start();
      TaskRecord dead = Bells.await(queue, Bells.value(type.enqueue("x")), TaskState.DEAD);
      assertThat(dead.attempt()).isEqualTo(1);
      assertThat(dead.error()).contains("given");
    }
  }

  /** A system that says these things of whatever it is asked for. */
  private static final class Elsewhere implements HandOff {
    final BlockingQueue<ForeignStatus> answers = Bells.notes();

    @Override
    public String system() {
      return "elsewhere";
    }

    @Override
    public String publish(Envelope task) {
      return task.id();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      ForeignStatus answer = answers.poll();
      return answer == null ? ForeignStatus.pending() : answer;
    }

    @Override
    public Duration askEvery() {
      return Duration.ofMillis(5);
    }
  }

  @Test
  void thoseThatAnotherSystemTellsOfAreALineEachToo() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    elsewhere.answers.add(
        ForeignStatus.again(Duration.ofMillis(1), "ValueError: no\u2028way\nTrace"));
    elsewhere.answers.add(
        ForeignStatus.failed("Traceback (most recent call last):\n  x\nValueError: never\n"));
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("far", Integer.class, elsewhere);
      queue.start();
      String id = Bells.value(type.enqueue(7));

      assertLine(
          Level.WARNING,
          "task far " + id + " failed at elsewhere, next attempt in 0.001 s: ValueError: no?way");
      assertLine(
          Level.SEVERE, "task far " + id + " failed at elsewhere and is dead: ValueError: never");
      assertThat(Bells.await(queue, id, TaskState.DEAD).error()).startsWith("Traceback");
    }
  }

  private void assertLine(Level level, String message) throws InterruptedException {
    LogRecord line = log.next();
    assertThat(line.getLevel()).isEqualTo(level);
    assertThat(line.getMessage()).isEqualTo(message);
    assertThat(line.getThrown()).isNull();
  }
}
