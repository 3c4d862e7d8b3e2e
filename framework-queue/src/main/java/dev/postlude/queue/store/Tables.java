package dev.postlude.queue.store;

import java.util.List;

/**
 * The names of the tables, and how they are made. Points in time are milliseconds since 1970, so
 * that both databases compare them alike.
 *
 * @param tasks every task that is remembered
 * @param due those that will run again, in the shape that the scheduler asks for
 * @param identity one row, which tells this store from others
 */
public record Tables(String tasks, String due, String identity) {

  /** The tables whose names begin with this. */
  public static Tables prefixed(String prefix) {
    return new Tables(prefix + "tasks", prefix + "due", prefix + "identity");
  }

  /** The columns of the tasks that tables of an earlier version do not have. */
  static final List<String> ADDED = List.of("cancel_at");

  /** The statement that adds one of them. */
  String adding(String column) {
    return "alter table " + tasks + " add column " + column + " bigint";
  }

  /** The statements that make what is not there yet. */
  List<String> schema(String binaryType) {
    return List.of(
        "create table if not exists "
            + tasks
            + """
             (id text primary key, name text not null, state text not null,
              attempt integer not null, crashes integer not null, asked integer not null,
              enqueued_at bigint not null, due_at bigint not null, started_at bigint,
              finished_at bigint, error text, done bigint not null, total bigint not null,
              message text not null, payload text not null, result text, idempotency_key text,
              node text, handed_to text, foreign_id text,
              cancel_at bigint)""",
        "create index if not exists " + tasks + "_state on " + tasks + " (state, name)",
        "create index if not exists " + tasks + "_age on " + tasks + " (enqueued_at)",
        "create table if not exists "
            + due
            + " (task_name text not null, task_instance text not null, task_data "
            + binaryType
            + """
            , execution_time bigint not null, picked boolean not null, picked_by text,
             last_success bigint, last_failure bigint, consecutive_failures integer,
             last_heartbeat bigint, version bigint not null, priority integer,
             primary key (task_name, task_instance))""",
        "create index if not exists " + due + "_time on " + due + " (picked, execution_time)",
        "create table if not exists "
            + identity
            + " (one integer primary key check (one = 1), id text not null)");
  }
}
