package dev.postlude.queue.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection with the statements that it has seen. For one thread at a time; blocks. */
public final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Takes over a connection: closing the one closes the other. */
  public Session(Connection connection) {
    this.connection = connection;
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface RowReader<R> {
    /** Reads the row that the cursor is on. */
    R read(ResultSet row) throws SQLException;
  }

  /** Changes rows, and returns how many. */
  public int update(String sql, @Nullable Object... arguments) throws SQLException {
    return bound(sql, arguments).executeUpdate();
  }

  /** Reads rows, also those that a change returns. */
  public <R> List<R> query(String sql, RowReader<R> reader, @Nullable Object... arguments)
      throws SQLException {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      List<R> read = new ArrayList<>();
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  /** The connection below, for what a statement cannot say. */
  Connection connection() {
    return connection;
  }

  /** Forgets the statements and leaves the connection as it is: for one that is somebody else's. */
  public void detach() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  @Override
  public void close() throws SQLException {
    try (Connection closed = connection) {
      detach();
    }
  }
}
