package dev.postlude.benchmarks.queue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * What our queue does to its file, for the others: write-ahead mode, every commit on disk. One
 * connection for each thread that wants one, kept open.
 */
final class FlushedFile extends SQLiteDataSource {
  @SuppressWarnings("ThreadLocalUsage") // there is one for each file, and few files
  private final ThreadLocal<Connection> kept = new ThreadLocal<>();

  FlushedFile(Path file) {
    super(config());
    setUrl("jdbc:sqlite:" + file);
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(30_000);
    return config;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = kept.get();
    if (connection == null) {
      connection = super.getConnection();
      kept.set(connection);
    }
    Connection lent = connection;
    return (Connection)
        Proxy.newProxyInstance(
            FlushedFile.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(lent, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }
}
