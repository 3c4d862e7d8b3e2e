package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract, on a server, and what only a server can do. */
class PostgresQueueTest extends QueueContract {
  private final String url = fresh();

  private static String fresh() {
    try {
      return PostgresServer.freshUrl();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  TaskQueue open() {
    return TaskQueue.postgres(PostgresServer.at(url));
  }

  @Override
  public Connection connect() throws Exception {
    return PostgresServer.at(url).getConnection();
  }

  @Test
  void aProcessThatStartsIsNotInTheWayOfOneThatIsAtWork() throws Exception {
    queue = another(QueueOptions.defaults());
    queue.start();
    TaskQueue other = another(QueueOptions.defaults());
    try (Connection atWork = connect()) {
      atWork.setAutoCommit(false);
      for (String table : List.of("postlude_tasks", "postlude_due", "postlude_identity")) {
        atWork.createStatement().execute("lock table " + table + " in row exclusive mode");
      }
      // It would wait for ever for whoever waits for it in turn: PostgreSQL ends one of the two.
      CompletableFuture<Void> started = new CompletableFuture<>();
      Thread starter =
          new Thread(
              () -> {
                try {
                  other.start();
                  started.complete(null);
                } catch (Throwable failed) {
                  started.completeExceptionally(failed);
                }
              });
      starter.setDaemon(true);
      starter.start();
      started.get(20, TimeUnit.SECONDS);
      atWork.rollback();
    }
  }

  @Test
  void severalProcessesShareTheWork() throws Exception {
    TaskQueue other = another(QueueOptions.defaults().threads(1).pollEvery(Duration.ofMillis(20)));
    queue = another(QueueOptions.defaults().threads(1).pollEvery(Duration.ofMillis(20)));
    CyclicBarrier both = new CyclicBarrier(2);
    TaskType<Integer> type =
        queue.defineWithResult(
            "shared", Integer.class, (n, run) -> both.await(30, TimeUnit.SECONDS));
    other.defineWithResult("shared", Integer.class, (n, run) -> both.await(30, TimeUnit.SECONDS));
    queue.start();
    other.start();

    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(Bells.value(type.enqueue(i)));
    }

    Set<String> nodes = new TreeSet<>();
    for (String id : ids) {
      TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED, TaskState.DEAD);
      assertThat(task.state()).isEqualTo(TaskState.SUCCEEDED);
      assertThat(task.attempt()).isEqualTo(1);
      nodes.add(task.node());
    }
    assertThat(nodes).hasSize(2);
  }

  @Test
  void aSilentProcessLosesItsTasksAndItsLateEndChangesNothing() throws Exception {
    QueueOptions quick =
        QueueOptions.defaults().heartbeat(Duration.ofMillis(150)).pollEvery(Duration.ofMillis(50));
    TaskQueue silent = another(quick.threads(1).node("silent"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch wakeUp = new CountDownLatch(1);
    TaskType<String> type =
        silent.defineWithResult(
            "slow",
            String.class,
            (payload, run) -> {
              begun.countDown();
              wakeUp.await();
              return "late";
            });
    silent.start();
    String id = Bells.value(type.enqueue("x"));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    // Its heartbeats go nowhere from now on: as far as the others can see, the process is gone.
    try (Connection connection = connect()) {
      connection
          .createStatement()
          .execute(
              "create function frozen() returns trigger language plpgsql as $$ begin"
                  + " if old.picked_by = 'silent' and new.version = old.version then return null; end if;"
                  + " return new; end $$");
      connection
          .createStatement()
          .execute(
              "create trigger frozen before update of last_heartbeat on postlude_due"
                  + " for each row execute function frozen()");
    }
    queue = another(quick);
    BlockingQueue<Integer> crashes = Bells.notes();
    queue.defineWithResult(
        "slow",
        String.class,
        (payload, run) -> {
          crashes.add(run.crashes());
          return "taken over";
        });
    queue.start();

    assertThat(Bells.next(crashes)).isEqualTo(1);
    TaskRecord task = Bells.await(queue, id, TaskState.SUCCEEDED);
    assertThat(task.result()).isEqualTo("\"taken over\"");
    assertThat(task.attempt()).isEqualTo(2);
    wakeUp.countDown();
    silent.stop(Duration.ofSeconds(30));
    assertThat(queue.record(id).orElseThrow().result()).isEqualTo("\"taken over\"");
  }

  @Test
  void aLostConnectionIsReplaced() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue.define("goes-on", String.class, (p, run) -> ran.add(p));
    queue.start();
    Bells.value(type.enqueue("before"));
    assertThat(Bells.next(ran)).isEqualTo("before");
    try (Connection connection = connect()) {
      connection
          .createStatement()
          .execute(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where pid <> pg_backend_pid() and datname = current_database()");
    }
    Bells.value(type.enqueue("after"));
    assertThat(Bells.next(ran)).isEqualTo("after");
  }

  @Test
  void nothingIsStoredWhileTheDatabaseIsGoneAndAllGoesOnWhenItIsBack() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue.define("gone", String.class, (p, run) -> ran.add(p));
    queue.start();
    String database = url.substring(url.lastIndexOf('/') + 1).replaceAll("[?].*", "");
    try (Connection admin = PostgresServer.at(PostgresServer.freshUrl()).getConnection()) {
      admin.createStatement().execute("alter database " + database + " allow_connections false");
      admin
          .createStatement()
          .execute(
              "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                  + database
                  + "'");
      CompletionStage<String> lost = type.enqueue("lost");
      assertThatThrownBy(() -> Bells.value(lost)).hasRootCauseInstanceOf(SQLException.class);
      admin.createStatement().execute("alter database " + database + " allow_connections true");
    }
    Bells.value(type.enqueue("kept"));
    assertThat(Bells.next(ran)).isEqualTo("kept");
  }

  @Test
  void progressThatPostgresqlCannotStoreIsNoCrash() throws Exception {
    TaskType<String> type =
        queue.define("odd", String.class, (said, run) -> run.progress(1, 2, "a\0b \ud83d"));
    queue.start();
    TaskRecord task = Bells.await(queue, Bells.value(type.enqueue("x")), TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.message()).startsWith("a\\0b ");
  }
}
