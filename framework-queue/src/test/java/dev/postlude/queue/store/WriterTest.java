package dev.postlude.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread that writes, when what it is given or where it writes goes wrong. */
class WriterTest {
  @TempDir Path folder;

  /** A file that lets itself be begun on as long as it may. */
  private static final class Locked implements Database {
    final AtomicInteger begun = new AtomicInteger();
    volatile boolean isLocked;
    private final Database file;

    Locked(Database file) {
      this.file = file;
    }

    @Override
    public void begin(Session session, boolean flushed) throws SQLException {
      begun.incrementAndGet();
      if (isLocked) {
        throw new SQLException("somebody else writes");
      }
      file.begin(session, flushed);
    }

    @Override
    public void prepare(Tables tables) throws SQLException {
      file.prepare(tables);
    }

    @Override
    public DataSource connections() {
      return file.connections();
    }

    @Override
    public Session openWriter() throws SQLException {
      return file.openWriter();
    }

    @Override
    public void commit(Session session) throws SQLException {
      file.commit(session);
    }

    @Override
    public void rollback(Session session) throws SQLException {
      file.rollback(session);
    }

    @Override
    public String skipLocked() {
      return file.skipLocked();
    }

    @Override
    public NodeClaim claim(@Nullable String wanted) throws SQLException {
      return file.claim(wanted);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  private static <T> T value(CompletableFuture<T> stage) throws Exception {
    return stage.get(30, TimeUnit.SECONDS);
  }

  /** A change that lasts until it may end. */
  private static Writer.Change<Boolean> waiting(CountDownLatch inside, CountDownLatch goOn) {
    return session -> {
      inside.countDown();
      try {
        return goOn.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new SQLException(e);
      }
    };
  }

  @Test
  void anErrorOfAChangeIsItsOwnAndTheWriterGoesOn() throws Exception {
    try (Database database = new SqliteDatabase(folder.resolve("tasks.db"));
        Writer writer = new Writer(database)) {
      CompletableFuture<Integer> bad =
          writer.submit(
              true,
              session -> {
                throw new OutOfMemoryError("on purpose");
              });
      assertThatThrownBy(() -> value(bad)).hasRootCauseInstanceOf(OutOfMemoryError.class);
      int seven = value(writer.submit(true, session -> 7));
      assertThat(seven).isEqualTo(7);
    }
  }

  @Test
  void aLockOfSomebodyElseIsWaitedForOnceAndNotForEachChange() throws Exception {
    try (Locked database = new Locked(new SqliteDatabase(folder.resolve("tasks.db")));
        Writer writer = new Writer(database)) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      CompletableFuture<Boolean> first = writer.submit(true, waiting(inside, goOn));
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<Integer>> rest =
          List.of(
              writer.submit(true, session -> 1),
              writer.submit(true, session -> 2),
              writer.submit(true, session -> 3),
              writer.submit(true, session -> 4));
      database.isLocked = true;
      goOn.countDown();
      value(first);

      for (CompletableFuture<Integer> each : rest) {
        assertThatThrownBy(() -> value(each)).hasRootCauseMessage("somebody else writes");
      }

      assertThat(database.begun).hasValue(3); // the first, and all the others together twice
      database.isLocked = false;
      int seven = value(writer.submit(true, session -> 7));
      assertThat(seven).isEqualTo(7);
    }
  }

  @Test
  void aLockThatIsTakenWhileChangesAreTriedOneByOneIsWaitedForOnce() throws Exception {
    try (Locked database = new Locked(new SqliteDatabase(folder.resolve("tasks.db")));
        Writer writer = new Writer(database)) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      CompletableFuture<Boolean> first = writer.submit(true, waiting(inside, goOn));
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Integer> bad =
          writer.submit(
              true,
              session -> {
                database.isLocked = true; // as soon as this transaction has ended
                throw new SQLException("on purpose");
              });
      List<CompletableFuture<Integer>> rest =
          List.of(
              writer.submit(true, session -> 1),
              writer.submit(true, session -> 2),
              writer.submit(true, session -> 3));
      goOn.countDown();
      value(first);

      for (CompletableFuture<Integer> each : rest) {
        assertThatThrownBy(() -> value(each)).hasRootCauseMessage("somebody else writes");
      }

      assertThatThrownBy(() -> value(bad)).hasRootCauseMessage("somebody else writes");
      assertThat(database.begun).hasValue(3); // the first, all others together, and the first alone
    }
  }
}
