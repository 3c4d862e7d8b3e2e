package dev.postlude.queue.store;

import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said to the tables about attempts. Every change names the pick that it is made for, and
 * tells whether that pick was still current.
 */
public final class Attempts {
  private final String due;
  private final String tasks;
  private final String skipLocked;
  private final String pickedBy;
  private final String start;
  private final String remove;
  private final String again;
  private final String finish;
  private final String wait;
  private final String putBack;
  private final String postpone;
  private final String marked;
  private final String hand;
  private final String progress;
  private final String ownProgress;

  /** The statements for these tables, in the words of this database. */
  public Attempts(Tables tables, Database database) {
    due = tables.due();
    tasks = tables.tasks();
    skipLocked = database.skipLocked();
    String pick = " where task_name = ? and task_instance = ? and picked = true and version = ?";
    pickedBy =
        "select task_name, task_instance, execution_time, consecutive_failures, version from "
            + due
            + " where picked = true and picked_by = ?";
    start =
        "update "
            + tasks
            + " set state = case when state = 'HANDED_OFF' then state else 'RUNNING' end,"
            + " attempt = attempt + case when state = 'HANDED_OFF' then 0 else 1 end,"
            + " started_at = case when state = 'HANDED_OFF' then started_at else ? end, node = ?"
            + " where id = ? and exists (select 1 from "
            + due
            + pick
            + ") and cancel_at is null returning *";
    remove = "delete from " + due + pick;
    again =
        "update "
            + due
            + " set picked = false, picked_by = null, last_heartbeat = null, execution_time = ?,"
            + " consecutive_failures = ?, version = version + 1"
            + pick;
    finish =
        "update "
            + tasks
            + " set state = ?, finished_at = ?, error = ?, result = ?, crashes = ?,"
            + " done = coalesce(?, done), total = coalesce(?, total),"
            + " message = coalesce(?, message) where id = ?";
    wait = "update " + tasks + " set state = ?, due_at = ?, error = ?, crashes = ? where id = ?";
    putBack =
        "update "
            + tasks
            + " set state = 'QUEUED', attempt = attempt - 1, due_at = ? where id = ?"
            + " and state = 'RUNNING'";
    postpone =
        "update "
            + tasks
            + " set state = 'QUEUED', attempt = attempt - 1, due_at = ?, error = ? where id = ?"
            + " and state = 'RUNNING'";
    marked = "select 1 from " + tasks + " where id = ? and cancel_at is not null";
    hand =
        "update "
            + tasks
            + " set state = 'HANDED_OFF', handed_to = ?, foreign_id = ?, due_at = ?,"
            + " finished_at = ?, error = null where id = ?";
    progress =
        "update " + tasks + " set done = ?, total = ?, message = ?, asked = asked + ? where id = ?";
    ownProgress = progress + " and exists (select 1 from " + due + pick + ")";
  }

  /**
   * Picks tasks that are due, the longest due first.
   *
   * @param names the names of those that this process can do
   */
  public List<Picked> pick(
      Session session, Collection<String> names, int limit, String node, long now)
      throws SQLException {
    String sql =
        "update "
            + due
            + " set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1"
            + " where (task_name, task_instance) in (select task_name, task_instance from "
            + due
            + " where picked = false and execution_time <= ? and task_name in ("
            + String.join(", ", Collections.nCopies(names.size(), "?"))
            + ") order by execution_time limit ?"
            + skipLocked
            + ") returning task_name, task_instance, execution_time, consecutive_failures, version";
    List<@Nullable Object> arguments = new ArrayList<>(List.of(node, now, now));
    arguments.addAll(names);
    arguments.add(limit);
    List<Picked> picked = session.query(sql, Rows::picked, arguments.toArray());
    picked.sort(Comparator.comparingLong(Picked::dueAt));
    return picked;
  }

  /** Picks one that waits, whether it is due or not; nothing when somebody else has picked it. */
  public Optional<Picked> pickOne(Session session, String name, String id, String node, long now)
      throws SQLException {
    return session
        .query(
            "update "
                + due
                + " set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1"
                + " where task_name = ? and task_instance = ? and picked = false"
                + " returning task_name, task_instance, execution_time, consecutive_failures,"
                + " version",
            Rows::picked,
            node,
            now,
            name,
            id)
        .stream()
        .findFirst();
  }

  /** Lists what a process has picked. */
  public List<Picked> pickedBy(Session session, String node) throws SQLException {
    return session.query(pickedBy, Rows::picked, node);
  }

  /**
   * Notes that an attempt begins; nothing when the pick is not current any more, or the task was
   * called off, which is its end then.
   */
  public Optional<TaskRecord> start(Session session, Picked picked, String node, long now)
      throws SQLException {
    List<TaskRecord> started =
        session.query(
            start,
            Rows::task,
            now,
            node,
            picked.id(),
            picked.name(),
            picked.id(),
            picked.version());
    if (started.isEmpty()) {
      calledOff(session, picked);
    }
    return started.stream().findFirst();
  }

  /** How far a task says that it is. */
  public record Progress(long done, long total, String message) {}

  /** How an attempt, and with it the task, ended; a progress of null leaves what is there. */
  public record End(
      TaskState state,
      @Nullable String error,
      @Nullable String result,
      @Nullable Progress progress) {}

  /** Writes the end of a task down; it will not run again. */
  public boolean finish(Session session, Picked picked, End end, long now) throws SQLException {
    if (session.update(remove, picked.name(), picked.id(), picked.version()) == 0) {
      return false;
    }
    Progress last = end.progress;
    session.update(
        finish,
        end.state.name(),
        now,
        end.error,
        end.result,
        picked.crashes(),
        last == null ? null : last.done,
        last == null ? null : last.total,
        last == null ? null : last.message,
        picked.id());
    return true;
  }

  /**
   * Lets a task run again later, because it failed or lost its process, unless it was called off.
   */
  public boolean retry(Session session, Picked picked, long dueAt, int crashes, String error)
      throws SQLException {
    if (calledOff(session, picked)) {
      return true;
    }
    if (!again(session, picked, dueAt, crashes)) {
      return false;
    }
    session.update(wait, TaskState.RETRYING.name(), dueAt, error, crashes, picked.id());
    return true;
  }

  /** Undoes a pick, unless the task was called off; an attempt that had begun is not counted. */
  public boolean putBack(Session session, Picked picked, long now) throws SQLException {
    if (calledOff(session, picked)) {
      return true;
    }
    if (!again(session, picked, now, picked.crashes())) {
      return false;
    }
    session.update(putBack, now, picked.id());
    return true;
  }

  /** Lets a task wait that could not be handed to another system; that is no attempt. */
  public boolean postpone(Session session, Picked picked, long dueAt, String why)
      throws SQLException {
    if (calledOff(session, picked)) {
      return true;
    }
    if (!again(session, picked, dueAt, picked.crashes())) {
      return false;
    }
    session.update(postpone, dueAt, why, picked.id());
    return true;
  }

  /** Ends a task that is not to run again, since somebody has called it off meanwhile. */
  private boolean calledOff(Session session, Picked picked) throws SQLException {
    return !session.query(marked, row -> true, picked.id()).isEmpty()
        && finish(
            session,
            picked,
            new End(TaskState.CANCELLED, null, null, null),
            System.currentTimeMillis());
  }

  /** Lists what runs in a process and was called off. */
  public List<String> calledOff(Session session, String node) throws SQLException {
    return session.query(
        "select id from "
            + tasks
            + " where state = 'RUNNING' and node = ? and cancel_at is not null",
        row -> row.getString(1),
        node);
  }

  /**
   * Notes that another system has it.
   *
   * @param askAt when to ask how far it is; 0 for never
   */
  public boolean handOff(
      Session session, Picked picked, String system, String foreignId, long askAt, long now)
      throws SQLException {
    if (calledOff(session, picked)) {
      return true;
    }
    boolean asks = askAt > 0;
    boolean current =
        asks
            ? again(session, picked, askAt, picked.crashes())
            : session.update(remove, picked.name(), picked.id(), picked.version()) > 0;
    if (current) {
      session.update(
          hand, system, foreignId, asks ? askAt : now, asks ? null : (Long) now, picked.id());
    }
    return current;
  }

  /** Notes what another system said, and when to ask again. */
  public boolean askAgain(Session session, Picked picked, long askAt, Progress said)
      throws SQLException {
    if (!again(session, picked, askAt, picked.crashes())) {
      return false;
    }
    session.update(progress, said.done, said.total, said.message, 1, picked.id());
    return true;
  }

  /** Notes how far an attempt says that it is; nothing when its pick is not current any more. */
  public void progress(Session session, Picked picked, Progress said) throws SQLException {
    session.update(
        ownProgress,
        said.done(),
        said.total(),
        said.message(),
        0,
        picked.id(),
        picked.name(),
        picked.id(),
        picked.version());
  }

  /** Notes how far another system says that a task is. */
  public void progress(Session session, String id, Progress said) throws SQLException {
    session.update(progress, said.done, said.total, said.message, 0, id);
  }

  /** Tells in which state a task is; null when it is not there. */
  public @Nullable TaskState state(Session session, String id) throws SQLException {
    List<TaskState> states =
        session.query(
            "select state from " + tasks + " where id = ?",
            row -> TaskState.valueOf(row.getString(1)),
            id);
    return states.isEmpty() ? null : states.get(0);
  }

  private boolean again(Session session, Picked picked, long dueAt, int crashes)
      throws SQLException {
    return session.update(again, dueAt, crashes, picked.name(), picked.id(), picked.version()) > 0;
  }
}
