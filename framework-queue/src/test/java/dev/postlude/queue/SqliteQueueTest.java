package dev.postlude.queue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.io.TempDir;

/** The contract, in a file. */
class SqliteQueueTest extends QueueContract {
  @TempDir Path folder;

  @Override
  TaskQueue open() {
    return TaskQueue.sqlite(folder.resolve("tasks.db"));
  }

  @Override
  Connection connect() throws Exception {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"));
    connection.createStatement().execute("pragma busy_timeout=10000");
    return connection;
  }
}
