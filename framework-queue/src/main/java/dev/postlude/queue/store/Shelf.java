package dev.postlude.queue.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few idle connections to a file, since opening one costs more than most questions. Hands
 * out a new one when the shelf is empty: there is no bound, and no waiting.
 */
final class Shelf implements DataSource, AutoCloseable {
  private final Opener opener;
  private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(4);
  private volatile boolean closed;

  Shelf(Opener opener) {
    this.opener = opener;
  }

  /** Opens a connection. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws SQLException;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection kept = idle.poll();
    Connection connection = kept != null ? kept : opener.open();
    return (Connection)
        Proxy.newProxyInstance(
            Shelf.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                putBack(connection);
                return null;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private void putBack(Connection connection) throws SQLException {
    if (closed || connection.isClosed() || !connection.getAutoCommit() || !idle.offer(connection)) {
      connection.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection each = idle.poll(); each != null; each = idle.poll()) {
      try {
        each.close();
      } catch (SQLException e) {
        // It was idle: nothing is lost with it.
      }
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("a file has no users");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
