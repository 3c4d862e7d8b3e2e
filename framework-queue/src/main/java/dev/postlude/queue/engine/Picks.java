package dev.postlude.queue.engine;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.store.Writer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the scheduler comes by its tasks: by one statement that the writer runs, and only by those
 * whose names are known here and have a slot free. Unknown names are thus never touched.
 */
final class Picks implements JdbcCustomization {
  private final Writer writer;
  private final Attempts attempts;
  private final Slots slots;
  private final String node;
  private volatile boolean stopped;

  Picks(Writer writer, Attempts attempts, Slots slots, String node) {
    this.writer = writer;
    this.attempts = attempts;
    this.slots = slots;
    this.node = node;
  }

  /** Picks nothing any more. */
  void stop() {
    stopped = true;
  }

  @Override
  public List<Execution> lockAndFetchSingleStatement(
      JdbcTaskRepositoryContext context, Instant now, int limit, boolean orderByPriority) {
    if (stopped) {
      return List.of();
    }
    List<Slots.Share> shares = slots.shares();
    List<Picked> picked =
        writer.submit(false, session -> pick(session, shares, limit, now.toEpochMilli())).join();
    List<Execution> executions = new ArrayList<>(picked.size());
    for (Picked each : picked) {
      slots.take(each.name());
      executions.add(
          new Execution(
              Instant.ofEpochMilli(each.dueAt()),
              new TaskInstance<Void>(each.name(), each.id()),
              true,
              node,
              null,
              null,
              each.crashes(),
              now,
              each.version()));
    }
    return executions;
  }

  private List<Picked> pick(Session session, List<Slots.Share> shares, int limit, long now)
      throws SQLException {
    List<Picked> picked = new ArrayList<>();
    for (Slots.Share share : shares) {
      int most = Math.min(limit - picked.size(), share.free());
      if (most > 0) {
        picked.addAll(attempts.pick(session, share.names(), most, node, now));
      }
    }
    return picked;
  }

  @Override
  public String getName() {
    return "Postlude";
  }

  @Override
  public void setInstant(PreparedStatement statement, int index, @Nullable Instant value)
      throws SQLException {
    statement.setObject(index, value == null ? null : value.toEpochMilli());
  }

  @Override
  public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  @Override
  public void setTaskData(PreparedStatement statement, int index, byte[] value)
      throws SQLException {
    statement.setBytes(index, value);
  }

  @Override
  public byte[] getTaskData(ResultSet row, String column) throws SQLException {
    return row.getBytes(column);
  }

  @Override
  public boolean supportsExplicitQueryLimitPart() {
    return true;
  }

  @Override
  public String getQueryLimitPart(int limit) {
    return " limit " + limit;
  }

  @Override
  public boolean supportsSingleStatementLockAndFetch() {
    return true;
  }

  @Override
  public boolean supportsGenericLockAndFetch() {
    return false;
  }

  @Override
  public String createGenericSelectForUpdateQuery(
      String table, int limit, String condition, boolean orderByPriority) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String createSelectDueQuery(
      String table, int limit, String condition, boolean orderByPriority) {
    throw new UnsupportedOperationException();
  }
}
