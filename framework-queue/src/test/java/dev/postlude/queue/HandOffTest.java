package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that another system does. */
class HandOffTest {
  @TempDir Path folder;

  /** A system that refuses some publications and then says what it is told to say. */
  private static final class Elsewhere implements HandOff {
    final BlockingQueue<Envelope> published = Bells.notes();
    final BlockingQueue<ForeignStatus> answers = Bells.notes();
    final AtomicInteger refusals;
    final AtomicBoolean closed = new AtomicBoolean();

    Elsewhere(int refusals) {
      this.refusals = new AtomicInteger(refusals);
    }

    @Override
    public String system() {
      return "elsewhere";
    }

    @Override
    public String publish(Envelope task) throws IOException {
      if (refusals.getAndDecrement() > 0) {
        throw new IOException("312 NO_ROUTE");
      }
      published.add(task);
      return "foreign-" + task.payload();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      assertThat(foreignId).isEqualTo("foreign-7");
      ForeignStatus answer = answers.poll();
      return answer == null ? ForeignStatus.pending() : answer;
    }

    @Override
    public Duration askEvery() {
      return Duration.ofMillis(5);
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  @Test
  void aTaskIsPublishedUntilItIsTakenAndItsResultReadBack() throws Exception {
    Elsewhere elsewhere = new Elsewhere(2);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere);
      queue.start();

      String id = Bells.value(type.enqueue(7));

      Envelope envelope = Bells.next(elsewhere.published);
      assertThat(envelope.id()).isEqualTo(id);
      assertThat(envelope.payload()).isEqualTo("7");
      assertThat(envelope.attempt()).as("that it was refused is no attempt").isEqualTo(1);
      TaskRecord handed = Bells.await(queue, id, TaskState.HANDED_OFF);
      assertThat(handed.handedTo()).isEqualTo("elsewhere");
      assertThat(handed.foreignId()).isEqualTo("foreign-7");
      elsewhere.answers.add(ForeignStatus.pending(1, 2, "half"));
      elsewhere.answers.add(ForeignStatus.pending()); // no news
      elsewhere.answers.add(ForeignStatus.succeeded("{\"width\":64}"));
      TaskRecord done = Bells.await(queue, id, TaskState.SUCCEEDED);
      assertThat(done.result()).isEqualTo("{\"width\":64}");
      assertThat(done.attempt()).isEqualTo(1);
      assertThat(done.message()).isEqualTo("half");
      assertThat(elsewhere.published).isEmpty();
    }
    assertThat(elsewhere.closed).isTrue();
  }

  @Test
  void whatFailsElsewhereIsDeadHere() throws Exception {
    Elsewhere elsewhere = new Elsewhere(0);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere);
      queue.start();
      elsewhere.answers.add(ForeignStatus.failed("ValueError: not an image"));

      String id = Bells.value(type.enqueue(7));

      assertThat(Bells.await(queue, id, TaskState.DEAD).error())
          .isEqualTo("ValueError: not an image");
    }
  }

  @Test
  void aSystemThatIsGoneForLongMakesNoTaskDeadAndIsToldOf() throws Exception {
    Elsewhere elsewhere = new Elsewhere(Integer.MAX_VALUE);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere);
      queue.start();
      String id = Bells.value(type.enqueue(7));
      while (elsewhere.refusals.get() > Integer.MAX_VALUE - 3) {
        LockSupport.parkNanos(5_000_000);
      }

      TaskRecord waiting = Bells.await(queue, id, TaskState.QUEUED);
      assertThat(waiting.attempt()).isZero();
      assertThat(waiting.error()).contains("312 NO_ROUTE");
      assertThat(queue.stats().unreachable()).isEqualTo(Map.of("thumbnail", "312 NO_ROUTE"));
      assertThat(queue.stats().failed()).isZero();
      elsewhere.refusals.set(0);
      TaskRecord handed = Bells.await(queue, id, TaskState.HANDED_OFF);
      assertThat(handed.attempt()).isEqualTo(1);
      assertThat(handed.error()).isNull();
      assertThat(queue.stats().unreachable()).isEmpty();
    }
  }

  @Test
  void aTaskThatItWillNeverTakeIsDead() throws Exception {
    HandOff refusing =
        new HandOff() {
          @Override
          public String system() {
            return "refusing";
          }

          @Override
          public String publish(Envelope task) {
            throw new FatalTaskException("not a picture");
          }

          @Override
          public ForeignStatus status(String foreignId) {
            return ForeignStatus.pending();
          }
        };
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, refusing);
      queue.start();

      assertThat(Bells.await(queue, Bells.value(type.enqueue(7)), TaskState.DEAD).error())
          .contains("not a picture");
    }
  }

  @Test
  void whatTheOtherSystemHasLostIsHandedToItAgainOnDemand() throws Exception {
    Elsewhere elsewhere = new Elsewhere(0);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere);
      queue.start();
      String id = Bells.value(type.enqueue(7));
      Bells.next(elsewhere.published);
      Bells.await(queue, id, TaskState.HANDED_OFF);

      assertThat(queue.retry(id)).isTrue();

      assertThat(Bells.next(elsewhere.published).attempt()).isEqualTo(1);
      Bells.await(queue, id, TaskState.HANDED_OFF);
      elsewhere.answers.add(ForeignStatus.succeeded("1"));
      Bells.await(queue, id, TaskState.SUCCEEDED);
    }
  }

  @Test
  void aProcessThatEndsWhileItHandsATaskOverIsNoCrashOfTheTask() throws Exception {
    Elsewhere elsewhere = new Elsewhere(0);
    TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));
    try (queue) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere);
      queue.start();
      String id = Bells.value(type.after(Duration.ofHours(1)).enqueue(7));
      queue.close();
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"));
          Statement statement = connection.createStatement()) {
        statement.execute(
            "update postlude_due set picked = true, picked_by = 'node-1', version = 2,"
                + " consecutive_failures = 2");
        statement.execute("update postlude_tasks set state = 'RUNNING', attempt = 1, crashes = 2");
      }
      queue.start();

      assertThat(Bells.next(elsewhere.published).attempt()).isEqualTo(1);
      assertThat(Bells.await(queue, id, TaskState.HANDED_OFF).crashes()).isEqualTo(2);
    }
  }
}
