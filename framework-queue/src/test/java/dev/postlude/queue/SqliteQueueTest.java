package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, in a file. */
class SqliteQueueTest extends QueueContract {
  @TempDir Path folder;

  @Override
  TaskQueue open() {
    return TaskQueue.sqlite(folder.resolve("tasks.db"));
  }

  @Override
  public Connection connect() throws Exception {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"));
    connection.createStatement().execute("pragma busy_timeout=10000");
    return connection;
  }

  @Test
  void whatRanWhenTheProcessEndedIsResumedAtOnce() throws Exception {
    queue = another(QueueOptions.defaults().heartbeat(Duration.ofMinutes(5)));
    BlockingQueue<Integer> crashes = Bells.notes();
    TaskType<String> type =
        queue.define("resumed", String.class, (payload, run) -> crashes.add(run.crashes()));
    queue.start();
    String id = Bells.value(type.after(Duration.ofHours(1)).enqueue("x"));
    queue.close();
    // As a process leaves it behind that is killed in the middle of the task.
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update postlude_due set picked = true, picked_by = 'node-1', version = 2,"
              + " last_heartbeat = "
              + System.currentTimeMillis());
      statement.execute("update postlude_tasks set state = 'RUNNING', attempt = 1");
    }

    queue.start(); // heartbeats would be missed after twenty minutes only

    assertThat(Bells.next(crashes)).isEqualTo(1);
    assertThat(Bells.await(queue, id, TaskState.SUCCEEDED).crashes()).isEqualTo(1);
  }

  @Test
  void whatWasCalledOffDoesNotRunAgainWhenItsProcessHasEnded() throws Exception {
    TaskType<String> type = queue.define("gone", String.class, (payload, run) -> {});
    queue.start();
    String id = Bells.value(type.after(Duration.ofHours(1)).enqueue("x"));
    queue.close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update postlude_due set picked = true, picked_by = 'node-1', version = 2,"
              + " last_heartbeat = "
              + System.currentTimeMillis());
      statement.execute("update postlude_tasks set state = 'RUNNING', attempt = 1, cancel_at = 1");
    }

    queue.start();

    Bells.await(queue, id, TaskState.CANCELLED);
    assertThat(queue.retry(id)).isTrue();
    Bells.await(queue, id, TaskState.SUCCEEDED);
  }

  @Test
  void aTaskThatHasCrashedTwiceRunsAlone() throws Exception {
    AtomicInteger beside = new AtomicInteger();
    BlockingQueue<Integer> seen = Bells.notes();
    TaskType<Integer> healthy =
        queue.define(
            "healthy",
            Integer.class,
            (payload, run) -> {
              beside.incrementAndGet();
              TimeUnit.MILLISECONDS.sleep(2);
              beside.decrementAndGet();
            });
    TaskType<String> suspect =
        queue.define(
            "suspect",
            String.class,
            (payload, run) -> {
              for (int i = 0; i < 20; i++) {
                seen.add(beside.get());
                TimeUnit.MILLISECONDS.sleep(1);
              }
            });
    queue.start();
    String id = Bells.value(suspect.after(Duration.ofHours(1)).enqueue("x"));
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(Bells.value(healthy.after(Duration.ofHours(1)).enqueue(i)));
    }
    queue.close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update postlude_due set execution_time = "
              + System.currentTimeMillis()
              + ", consecutive_failures = case when task_name = 'suspect' then 2 else 0 end");
    }

    queue.start();

    Bells.await(queue, id, TaskState.SUCCEEDED);
    for (String other : others) {
      Bells.await(queue, other, TaskState.SUCCEEDED);
    }
    assertThat(seen).hasSize(20).containsOnly(0);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    Files.writeString(folder.resolve("tasks.db"), "this is no database at all".repeat(100));
    assertThatThrownBy(() -> queue.start())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("cannot use ")
        .hasMessageContaining("tasks.db as a queue: ");
  }

  @Test
  void finishedTasksAreForgottenAndTheDeadAreKept() throws Exception {
    TaskType<Boolean> type =
        queue.define(
            "kept",
            Boolean.class,
            (dies, run) -> {
              if (dies) {
                throw new FatalTaskException("on purpose");
              }
            });
    queue.start();
    String dead = Bells.value(type.enqueue(true));
    String done = Bells.value(type.enqueue(false));
    Bells.await(queue, dead, TaskState.DEAD);
    Bells.await(queue, done, TaskState.SUCCEEDED);
    queue.close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update postlude_tasks set enqueued_at = enqueued_at - 700000000,"
              + " finished_at = finished_at - 700000000");
    }

    queue.start(); // and after a second it tidies

    while (queue.record(done).isPresent()) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(queue.record(dead)).isPresent();
  }
}
