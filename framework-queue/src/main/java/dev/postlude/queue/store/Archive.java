package dev.postlude.queue.store;

import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is asked of the tables by people, and what people change in them. */
public final class Archive {
  private static final int FORGET_AT_ONCE = 1_000;

  private final String tasks;
  private final String due;
  private final String identity;

  /** The statements for these tables. */
  public Archive(Tables tables) {
    tasks = tables.tasks();
    due = tables.due();
    identity = tables.identity();
  }

  /** Tells which store this is; the name given becomes its own when it has none yet. */
  public String identity(Session session, String fresh) throws SQLException {
    session.update(
        "insert into " + identity + " (one, id) values (1, ?) on conflict (one) do nothing", fresh);
    return session.query("select id from " + identity, row -> row.getString(1)).get(0);
  }

  /** Finds a task. */
  public Optional<TaskRecord> find(Session session, String id) throws SQLException {
    return session.query("select * from " + tasks + " where id = ?", Rows::task, id).stream()
        .findFirst();
  }

  /** Lists tasks, the latest first. */
  public List<TaskRecord> list(Session session, TaskQuery query) throws SQLException {
    List<@Nullable Object> arguments = new ArrayList<>();
    String sql =
        "select * from " + tasks + " where state in (" + marks(query.states().size()) + ")";
    query.states().forEach(state -> arguments.add(state.name()));
    String name = query.name();
    if (name != null) {
      sql += " and name = ?";
      arguments.add(name);
    }
    TaskRecord after = query.after();
    if (after != null) {
      sql += " and (enqueued_at, id) < (?, ?)";
      arguments.add(after.enqueuedAt().toEpochMilli());
      arguments.add(after.id());
    }
    sql += " order by enqueued_at desc, id desc limit ?";
    arguments.add(query.limit());
    return session.query(sql, Rows::task, arguments.toArray());
  }

  /** Counts the tasks of each name in each state. */
  public Map<String, Map<TaskState, Long>> counts(Session session) throws SQLException {
    Map<String, Map<TaskState, Long>> counts = new TreeMap<>();
    session.query(
        "select name, state, count(*) from " + tasks + " group by state, name",
        row ->
            counts
                .computeIfAbsent(row.getString(1), key -> new EnumMap<>(TaskState.class))
                .put(TaskState.valueOf(row.getString(2)), row.getLong(3)));
    return counts;
  }

  /** Tells since when the oldest waiting task is due, names and all. */
  public Map<String, Long> oldestDue(Session session, long now) throws SQLException {
    Map<String, Long> oldest = new TreeMap<>();
    session.query(
        "select task_name, min(execution_time) from "
            + due
            + " where picked = false and execution_time <= ? group by task_name",
        row -> oldest.put(row.getString(1), row.getLong(2)),
        now);
    return oldest;
  }

  /**
   * Leaves word for whoever runs a task, or has picked it to run it, that it was called off; false
   * when nobody does.
   */
  public boolean mark(Session session, String id, long now) throws SQLException {
    return session.update(
            "update "
                + tasks
                + " set cancel_at = ? where id = ? and (state = 'RUNNING'"
                + " or (state in ('HELD', 'QUEUED', 'RETRYING') and exists (select 1 from "
                + due
                + " where task_name = name and task_instance = ? and picked = true)))",
            now,
            id,
            id)
        > 0;
  }

  /** Calls off a task that another system has; false when it has it no more. */
  public boolean cancelHandedOff(Session session, String name, String id, long now)
      throws SQLException {
    int had =
        session.update(
            "update "
                + tasks
                + " set state = 'CANCELLED', finished_at = ?"
                + " where id = ? and state = 'HANDED_OFF'",
            now,
            id);
    if (had > 0) {
      session.update("delete from " + due + " where task_name = ? and task_instance = ?", name, id);
    }
    return had > 0;
  }

  /** Calls a task off, unless it is running or has come to its end. */
  public boolean cancel(Session session, String id, long now) throws SQLException {
    int waiting =
        session.update(
            "delete from "
                + due
                + " where task_name = (select name from "
                + tasks
                + " where id = ? and state in ('HELD', 'QUEUED', 'RETRYING'))"
                + " and task_instance = ? and picked = false",
            id,
            id);
    if (waiting == 0) {
      return false;
    }
    session.update(
        "update " + tasks + " set state = 'CANCELLED', finished_at = ? where id = ?", now, id);
    return true;
  }

  /**
   * Lets a dead or cancelled task run again, with all its attempts before it; one that waits for
   * its next attempt runs now; one that another system has is handed to it again, as the same
   * attempt. Returns its name, or null when it is in no such state.
   */
  public @Nullable String runAgain(Session session, String id, long now) throws SQLException {
    List<String> revived =
        session.query(
            "update "
                + tasks
                + " set state = 'QUEUED', due_at = ?, finished_at = null, cancel_at = null,"
                + " attempt = case when state = 'HANDED_OFF' then attempt - 1 else 0 end,"
                + " crashes = case when state = 'HANDED_OFF' then crashes else 0 end"
                + " where id = ? and state in ('DEAD', 'CANCELLED', 'HANDED_OFF') returning name",
            row -> row.getString(1),
            now,
            id);
    if (!revived.isEmpty()) {
      session.update(
          "insert into "
              + due
              + " (task_name, task_instance, execution_time, picked, consecutive_failures, version)"
              + " values (?, ?, ?, false, 0, 1) on conflict (task_name, task_instance) do update set"
              // Who asks how far it is at this moment has lost it.
              + " execution_time = excluded.execution_time, picked = false, picked_by = null,"
              + " last_heartbeat = null, version = "
              + due
              + ".version + 1",
          revived.get(0),
          id,
          now);
      return revived.get(0);
    }
    List<String> hastened =
        session.query(
            "update "
                + due
                + " set execution_time = ? where task_instance = ? and picked = false"
                + " and task_name = (select name from "
                + tasks
                + " where id = ? and state in ('QUEUED', 'RETRYING')) returning task_name",
            row -> row.getString(1),
            now,
            id,
            id);
    return hastened.isEmpty() ? null : hastened.get(0);
  }

  /** Removes a task that has come to its end. */
  public boolean remove(Session session, String id) throws SQLException {
    return session.update(
            "delete from " + tasks + " where id = ? and state in ('SUCCEEDED','DEAD','CANCELLED')",
            id)
        > 0;
  }

  /** Forgets some of those that succeeded or were called off before this time; returns how many. */
  public int forget(Session session, long finishedBefore) throws SQLException {
    return session.update(
        "delete from "
            + tasks
            + " where id in (select id from "
            + tasks
            + " where enqueued_at < ? and finished_at < ?"
            + " and state in ('SUCCEEDED', 'CANCELLED', 'HANDED_OFF') limit "
            + FORGET_AT_ONCE
            + ")",
        finishedBefore,
        finishedBefore);
  }

  private static String marks(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }
}
