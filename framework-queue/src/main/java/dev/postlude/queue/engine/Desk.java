package dev.postlude.queue.engine;

import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.store.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;

/** Where people ask for tasks, and change them. Safe for any thread; blocks. */
record Desk(Database database, Archive archive, Writer writer) {

  /** A question to the tables. */
  @FunctionalInterface
  interface Reading<R> {
    /** Asks it. */
    R read(Archive archive, Session session) throws SQLException;
  }

  /** Reads, on a connection of its own. */
  <R> R read(Reading<R> reading) throws SQLException {
    Connection connection = database.connections().getConnection();
    try (Session session = new Session(connection)) {
      return reading.read(archive, session);
    }
  }

  /** Changes something, and returns when it is committed. */
  <R> R change(Reading<R> change) throws SQLException {
    try {
      return writer.submit(true, session -> change.read(archive, session)).join();
    } catch (CompletionException e) {
      throw new SQLException("the queue's database refused", e.getCause());
    }
  }
}
