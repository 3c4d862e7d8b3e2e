package dev.postlude.queue.store;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the tables are: a file or a server. */
public interface Database extends AutoCloseable {
  /**
   * Makes sure that it is there and has the tables. Called once, before anything else; blocks.
   *
   * @throws SQLException when it is not, or not fit for a queue
   */
  void prepare(Tables tables) throws SQLException;

  /** Connections for reading and for heartbeats. */
  DataSource connections();

  /** Opens the connection that the writer keeps. */
  Session openWriter() throws SQLException;

  /**
   * Begins a transaction of the writer.
   *
   * @param flushed whether it must be on disk, power cut included, when {@link #commit} returns;
   *     otherwise a killed process is all that it has to survive
   */
  void begin(Session session, boolean flushed) throws SQLException;

  /** Commits. */
  void commit(Session session) throws SQLException;

  /** Takes back. */
  void rollback(Session session) throws SQLException;

  /** What a selection ends with that is about to change its rows and leaves others theirs. */
  String skipLocked();

  /**
   * Takes a name for this process.
   *
   * @param wanted the name that the app has chosen, if any
   * @throws SQLException when there is none left
   */
  NodeClaim claim(@Nullable String wanted) throws SQLException;

  /** Closes what it has opened by itself. */
  @Override
  void close();
}
