package dev.postlude.queue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL server for all tests of this JVM, with a database for each of them.
 *
 * <p>Its binaries are those of Linux on x86-64. As root it is started in a user namespace of its
 * own; where a container forbids that, the tests are run as another user.
 */
final class PostgresServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private PostgresServer() {}

  private static final class Holder {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "200")
            .setServerConfig("fsync", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "PostgreSQL could not be started: as root it needs `unshare -U`, which some containers"
                + " forbid; run the tests as another user there",
            e);
      }
    }
  }

  /** The address of a new, empty database. */
  static String freshUrl() throws SQLException {
    String name = "queue" + DATABASES.incrementAndGet();
    try (Connection connection = Holder.SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return Holder.SERVER.getJdbcUrl("postgres", name);
  }

  /** Connections to a database, each a new one: slow, and enough. */
  static DataSource at(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    return source;
  }
}
