package dev.postlude.queue.store;

import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Rows made into values. */
final class Rows {
  private Rows() {}

  static TaskRecord task(ResultSet row) throws SQLException {
    return new TaskRecord(
        row.getString("id"),
        row.getString("name"),
        TaskState.valueOf(row.getString("state")),
        row.getInt("attempt"),
        row.getInt("crashes"),
        Instant.ofEpochMilli(row.getLong("enqueued_at")),
        Instant.ofEpochMilli(row.getLong("due_at")),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getString("error"),
        row.getLong("done"),
        row.getLong("total"),
        row.getString("message"),
        row.getString("payload"),
        row.getString("result"),
        row.getString("idempotency_key"),
        row.getString("node"),
        row.getString("handed_to"),
        row.getString("foreign_id"));
  }

  static Picked picked(ResultSet row) throws SQLException {
    return new Picked(
        row.getString(1), row.getString(2), row.getLong(3), row.getInt(4), row.getLong(5));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
