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

  /**
   * A table or an index.
   *
   * @param sql makes it if it is not there yet
   */
  record Relation(String name, String sql) {}

  /** What there is to be, in the order in which it is made. */
  List<Relation> schema(String binaryType) {
    return List.of(
        table(
            tasks,
            """
             (id text primary key, name text not null, state text not null,
              attempt integer not null, crashes integer not null, asked integer not null,
              enqueued_at bigint not null, due_at bigint not null, started_at bigint,
              finished_at bigint, error text, done bigint not null, total bigint not null,
              message text not null, payload text not null, result text, idempotency_key text,
              node text, handed_to text, foreign_id text,
              cancel_at bigint)"""),
        index(tasks + "_state", tasks + " (state, name)"),
        index(tasks + "_age", tasks + " (enqueued_at)"),
        table(
            due,
            " (task_name text not null, task_instance text not null, task_data "
                + binaryType
                + """
            , execution_time bigint not null, picked boolean not null, picked_by text,
             last_success bigint, last_failure bigint, consecutive_failures integer,
             last_heartbeat bigint, version bigint not null, priority integer,
             primary key (task_name, task_instance))"""),
        index(due + "_time", due + " (picked, execution_time)"),
        table(identity, " (one integer primary key check (one = 1), id text not null)"));
  }

  private static Relation table(String name, String columns) {
    return new Relation(name, "create table if not exists " + name + columns);
  }

  private static Relation index(String name, String of) {
    return new Relation(name, "create index if not exists " + name + " on " + of);
  }
}
