package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.Intake;
import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.store.Intake.Reception;
import dev.postlude.queue.store.PostgresDatabase;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.store.Tables;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes that are at the same held task at the same moment. */
class PostgresIntakeTest {
  private static final Arrival ARRIVAL = new Arrival("id", "name", "1", "key", 1, 1);

  private final Tables tables = Tables.prefixed("postlude_");
  private final Intake intake = new Intake(tables);
  private final Archive archive = new Archive(tables);
  private DataSource source;
  private Database database;
  private Connection one;
  private Connection two;
  private Session first;
  private Session second;

  @BeforeEach
  void open() throws Exception {
    source = PostgresServer.at(PostgresServer.freshUrl());
    database = new PostgresDatabase(source);
    database.prepare(tables);
    one = source.getConnection();
    one.setAutoCommit(false);
    first = new Session(one);
    two = source.getConnection();
    two.setAutoCommit(false);
    second = new Session(two);
    intake.store(first, ARRIVAL, TaskState.HELD, 9);
    one.commit();
  }

  @AfterEach
  void close() throws Exception {
    first.close();
    second.close();
  }

  /** Starts what the second process does, which has to wait for the first one. */
  private <R> FutureTask<R> waiting(Callable<R> work) throws Exception {
    FutureTask<R> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try (Connection watching = source.getConnection();
        Statement statement = watching.createStatement()) {
      boolean waits = false;
      while (!waits) {
        assertThat(System.nanoTime() - end).as("it was to wait").isNegative();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        try (ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                    + " and datname = current_database()")) {
          waits = row.next() && row.getInt(1) > 0;
        }
      }
    }
    return task;
  }

  @Test
  void whatIsRevokedWhileAnotherProcessAsksForItIsStoredAnew() throws Exception {
    one.createStatement().execute("select 1 from postlude_tasks for update");
    FutureTask<Reception> stored =
        waiting(
            () -> {
              Reception reception = intake.store(second, ARRIVAL, TaskState.HELD, 9);
              two.commit();
              return reception;
            });

    intake.revoke(first, "name", "id");
    one.commit();

    assertThat(stored.get(30, TimeUnit.SECONDS)).isEqualTo(Reception.STORED);
    assertThat(archive.find(first, "id")).isPresent();
    assertThat(archive.oldestDue(first, 9)).containsEntry("name", 9L);
  }

  @Test
  void whatAnotherProcessPicksAtThisMomentIsNotRevoked() throws Exception {
    new Attempts(tables, database).pickOne(first, "name", "id", "node", 9);
    FutureTask<Boolean> revoked =
        waiting(
            () -> {
              intake.revoke(second, "name", "id");
              two.commit();
              return true;
            });

    one.commit();

    assertThat(revoked.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(archive.find(first, "id")).isPresent();
  }
}
