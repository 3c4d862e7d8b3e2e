package dev.postlude.queue.store;

import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said to the tables when tasks come in. Points in time are milliseconds since 1970. */
public final class Intake {
  private static final String OTHER = ""; // no state

  private final String insertTask;
  private final String insertDue;
  private final String known;
  private final String letGo;
  private final String released;
  private final String wanted;
  private final String lock;
  private final String dropTask;
  private final String dropDue;

  /** The statements for these tables. */
  public Intake(Tables tables) {
    insertTask =
        "insert into "
            + tables.tasks()
            + " (id, name, state, attempt, crashes, asked, enqueued_at, due_at, done, total,"
            + " message, payload, idempotency_key) values (?, ?, ?, 0, 0, 0, ?, ?, 0, 0, '', ?, ?)"
            + " on conflict (id) do nothing";
    insertDue =
        "insert into "
            + tables.due()
            + " (task_name, task_instance, execution_time, picked, consecutive_failures, version)"
            + " values (?, ?, ?, false, 0, 1) on conflict (task_name, task_instance) do nothing";
    known = "select name, payload, state from " + tables.tasks() + " where id = ?";
    String waiting = " where task_name = ? and task_instance = ? and picked = false";
    letGo = "update " + tables.due() + " set execution_time = ?" + waiting;
    released =
        "update "
            + tables.tasks()
            + " set state = 'QUEUED', due_at = ? where id = ? and state = 'HELD'";
    wanted = "update " + tables.tasks() + " set state = 'QUEUED' where id = ? and state = 'HELD'";
    lock = "update " + tables.due() + " set picked = false" + waiting;
    dropTask = "delete from " + tables.tasks() + " where id = ? and state = 'HELD'";
    dropDue = "delete from " + tables.due() + waiting;
  }

  /** A task that comes in. */
  public record Arrival(
      String id, String name, String payload, @Nullable String key, long enqueuedAt, long dueAt) {}

  /** What became of an arrival. */
  public enum Reception {
    /** It is there now; perhaps by an earlier try, whose commit we did not hear of. */
    STORED,
    /** It was there already, the same. If it was held, it cannot be revoked any more. */
    KNOWN,
    /** Another one was there already under the same id: nothing was changed. */
    DIFFERENT
  }

  /**
   * Stores a task.
   *
   * @param runsAt when it may be picked: its time, or the end of the hold
   */
  public Reception store(Session session, Arrival arrival, TaskState state, long runsAt)
      throws SQLException {
    while (!inserted(session, arrival, state)) {
      List<String> there =
          session.query(
              known,
              row ->
                  arrival.name.equals(row.getString(1)) && arrival.payload.equals(row.getString(2))
                      ? row.getString(3)
                      : OTHER,
              arrival.id);
      if (there.isEmpty()) {
        continue; // another process has revoked it just now
      }
      String found = there.get(0);
      if (found.equals(OTHER)) {
        return Reception.DIFFERENT;
      }
      if (arrival.key == null) {
        return Reception.STORED; // by us: it was committed, and the news of that was lost
      }
      // Somebody else has been told of it too: whoever holds it may let it go, and not revoke it.
      if (!found.equals(TaskState.HELD.name()) || session.update(wanted, arrival.id) > 0) {
        return Reception.KNOWN;
      }
    }
    session.update(insertDue, arrival.name, arrival.id, runsAt);
    return Reception.STORED;
  }

  private boolean inserted(Session session, Arrival arrival, TaskState state) throws SQLException {
    return session.update(
            insertTask,
            arrival.id,
            arrival.name,
            state.name(),
            arrival.enqueuedAt,
            arrival.dueAt,
            arrival.payload,
            arrival.key)
        > 0;
  }

  /** Lets a held task go: it is due at this time. Nothing happens when its hold has expired. */
  public void release(Session session, String name, String id, long dueAt) throws SQLException {
    session.update(letGo, dueAt, name, id);
    session.update(released, dueAt, id);
  }

  /**
   * Removes a held task, unless its hold has expired and it has been picked, or somebody else has
   * asked for the same one.
   */
  public void revoke(Session session, String name, String id) throws SQLException {
    // The row of those that are due first, as everybody does: while we have it nobody picks it.
    if (session.update(lock, name, id) > 0 && session.update(dropTask, id) > 0) {
      session.update(dropDue, name, id);
    }
  }

  /** Extends the hold of a task. */
  public void extend(Session session, String name, String id, long until) throws SQLException {
    session.update(letGo, until, name, id);
  }
}
