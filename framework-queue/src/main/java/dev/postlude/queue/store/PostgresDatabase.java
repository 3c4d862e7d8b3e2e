package dev.postlude.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, reached through a pool of the app's own. */
public final class PostgresDatabase implements Database {
  private static final long SCHEMA_LOCK = 0x506f73746c756465L; // any number that others do not use

  private final DataSource pool;

  /** A database behind this pool, of which the writer keeps one connection. */
  public PostgresDatabase(DataSource pool) {
    this.pool = pool;
  }

  @Override
  public void prepare(Tables tables) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // "if not exists" does not keep two processes from making a table at once.
        statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
        for (Tables.Relation relation : tables.schema("bytea")) {
          // "if not exists" would lock the table all the same, and stand in the way of a process
          // that is at work on several of them.
          if (!exists(relation.name(), connection)) {
            statement.execute(relation.sql());
          }
        }
        for (String column : Tables.ADDED) {
          if (!has(column, tables, connection)) {
            statement.execute(tables.adding(column));
          }
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static boolean exists(String relation, Connection connection) throws SQLException {
    return !new Session(connection)
        .query("select 1 where to_regclass(?) is not null", row -> row.getInt(1), relation)
        .isEmpty();
  }

  private static boolean has(String column, Tables tables, Connection connection)
      throws SQLException {
    return !new Session(connection)
        .query(
            "select 1 from pg_attribute where attrelid = to_regclass(?) and attname = ? and not attisdropped",
            row -> row.getInt(1),
            tables.tasks(),
            column)
        .isEmpty();
  }

  @Override
  public DataSource connections() {
    return pool;
  }

  @Override
  public Session openWriter() throws SQLException {
    Connection connection = pool.getConnection();
    try {
      connection.setAutoCommit(false);
      return new Session(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void begin(Session session, boolean flushed) {
    // The driver begins by itself, and the server flushes as it is configured to.
  }

  @Override
  public void commit(Session session) throws SQLException {
    session.connection().commit();
  }

  @Override
  public void rollback(Session session) throws SQLException {
    session.connection().rollback();
  }

  @Override
  public String skipLocked() {
    return " for update skip locked";
  }

  @Override
  public NodeClaim claim(@Nullable String wanted) {
    return wanted == null
        ? new Name("pid-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID(), List.of())
        : new Name(wanted, List.of(wanted));
  }

  private record Name(String name, List<String> dead) implements NodeClaim {
    @Override
    public void buried() {}

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    // The pool is the app's.
  }
}
