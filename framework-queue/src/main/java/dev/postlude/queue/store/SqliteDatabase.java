package dev.postlude.queue.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * A file on a local disk, in SQLite's write-ahead mode: one writes, any number read.
 *
 * <p>What must survive a power cut is committed with {@code synchronous=FULL}, which waits for the
 * disk. What a run notes of itself on the way is committed with {@code NORMAL}: it survives the
 * process, and after a power cut the task merely runs again.
 */
public final class SqliteDatabase implements Database {
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final Path file;
  private final Shelf shelf;
  private boolean flushing = true; // touched by the writer's thread only

  /** A database in this file, which need not exist yet. */
  public SqliteDatabase(Path file) {
    this.file = file.toAbsolutePath();
    this.shelf = new Shelf(() -> open(SynchronousMode.NORMAL));
  }

  @Override
  public void prepare(Tables tables) throws SQLException {
    Path folder = file.getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new SQLException("cannot make the folder of " + file, e);
    }
    try {
      make(tables);
    } catch (SQLException e) {
      throw new SQLException("cannot use " + file + " as a queue: " + e.getMessage(), e);
    }
  }

  private void make(Tables tables) throws SQLException {
    try (Connection connection = open(SynchronousMode.FULL);
        Statement statement = connection.createStatement()) {
      String mode =
          new Session(connection).query("pragma journal_mode", row -> row.getString(1)).get(0);
      if (!"wal".equalsIgnoreCase(mode)) {
        throw new SQLException(
            "it cannot be opened in write-ahead mode (it is in mode "
                + mode
                + "): a queue needs a local disk, not a network share");
      }
      for (Tables.Relation relation : tables.schema("blob")) {
        statement.execute(relation.sql());
      }
      for (String column : Tables.ADDED) {
        add(column, tables, connection);
      }
    }
  }

  private static void add(String column, Tables tables, Connection connection) throws SQLException {
    if (!has(column, tables, connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(tables.adding(column));
      } catch (SQLException e) {
        if (!has(column, tables, connection)) { // nor has another process been faster
          throw e;
        }
      }
    }
  }

  private static boolean has(String column, Tables tables, Connection connection)
      throws SQLException {
    return !new Session(connection)
        .query(
            "select 1 from pragma_table_info(?) where name = ?",
            row -> row.getInt(1),
            tables.tasks(),
            column)
        .isEmpty();
  }

  private Connection open(SynchronousMode synchronous) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setBusyTimeout(Math.toIntExact(BUSY.toMillis()));
    config.setSynchronous(synchronous);
    config.setJournalSizeLimit(64 << 20);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  public DataSource connections() {
    return shelf;
  }

  @Override
  public Session openWriter() throws SQLException {
    flushing = true;
    return new Session(open(SynchronousMode.FULL));
  }

  @Override
  public void begin(Session session, boolean flushed) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      if (flushed != flushing) {
        statement.execute("pragma synchronous=" + (flushed ? "full" : "normal"));
        flushing = flushed;
      }
      // At once and not at the first change: the lock is waited for here, and a transaction that
      // has begun to read never has to be given up for it.
      statement.execute("begin immediate");
    }
  }

  @Override
  public void commit(Session session) throws SQLException {
    execute(session, "commit");
  }

  @Override
  public void rollback(Session session) throws SQLException {
    execute(session, "rollback");
  }

  private static void execute(Session session, String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public String skipLocked() {
    return "";
  }

  @Override
  public NodeClaim claim(@Nullable String wanted) throws SQLException {
    try {
      // By whatever way it was named: who meets in the file has to meet at its locks.
      return LockFiles.claim(file.toRealPath());
    } catch (IOException e) {
      throw new SQLException("cannot find " + file, e);
    }
  }

  @Override
  public void close() {
    shelf.close();
  }
}
