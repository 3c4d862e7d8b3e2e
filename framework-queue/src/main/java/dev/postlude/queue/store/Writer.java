package dev.postlude.queue.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes, with the one connection that it keeps.
 *
 * <p>While a transaction is being committed others line up, and the next one takes them all: a
 * commit costs the disk the same for one change as for hundreds. When a transaction fails its
 * changes are tried one by one, so that a bad one harms itself only.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int MOST_WAITING = 20_000;
  private static final int MOST_AT_ONCE = 512;

  private final Database database;
  private final BlockingQueue<Entry<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private @Nullable Session session; // the thread's own
  private boolean refused; // the thread's own: the last transaction could not even begin
  private volatile boolean closing;

  /** Starts the thread; the connection is opened when it is first needed. */
  public Writer(Database database) {
    this.database = database;
    this.thread = new Thread(null, this::write, "postlude-queue-writer", 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  /** A change, made on the writer's thread inside a transaction, and perhaps more than once. */
  @FunctionalInterface
  public interface Change<R> {
    /** Makes it. */
    R make(Session session) throws SQLException;
  }

  private record Entry<R>(Change<R> change, boolean flushed, CompletableFuture<R> done) {
    private Runnable made(Session session) throws SQLException {
      R result = change.make(session);
      return () -> done.complete(result);
    }
  }

  /**
   * Lines a change up, and never blocks.
   *
   * @param flushed whether it must survive a power cut
   * @return a stage that completes when it is committed, on the writer's thread, which must not be
   *     held up; or fails, also when too much waits already
   */
  public <R> CompletableFuture<R> submit(boolean flushed, Change<R> change) {
    Entry<R> entry = new Entry<>(change, flushed, new CompletableFuture<>());
    if (closing) {
      entry.done.completeExceptionally(new SQLException("the queue has been stopped"));
    } else if (!waiting.offer(entry)) {
      entry.done.completeExceptionally(
          new SQLException("more than " + MOST_WAITING + " changes wait to be stored"));
    } else if (closing && waiting.remove(entry)) {
      entry.done.completeExceptionally(new SQLException("the queue has been stopped"));
    }
    return entry.done;
  }

  private void write() {
    List<Entry<?>> batch = new ArrayList<>(MOST_AT_ONCE);
    while (!closing || !waiting.isEmpty()) {
      try {
        Entry<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        waiting.drainTo(batch, MOST_AT_ONCE - 1);
        write(batch);
      } catch (InterruptedException e) {
        // Only close() ends this thread.
      } catch (Throwable e) { // not even what the JVM throws: all that waits would wait for ever
        batch.forEach(each -> each.done.completeExceptionally(e));
      } finally {
        batch.clear();
      }
    }
    drop();
  }

  private void write(List<Entry<?>> batch) {
    Throwable failure = transact(batch);
    if (failure != null && refused) {
      failure = transact(batch); // on a new connection, perhaps
    }
    if (failure == null) {
      return;
    }
    // When no new connection can be had all fail at once: with each on its own a server that does
    // not answer, or a lock that somebody else holds, would be waited for hundreds of times.
    boolean lost = session == null;
    boolean hopeless = refused || (lost && !opened());
    for (Entry<?> each : batch) {
      boolean again = !hopeless && (lost || batch.size() > 1);
      Throwable own = again ? transact(List.of(each)) : failure;
      if (own != null) {
        each.done.completeExceptionally(own);
      }
      if (again && refused) { // somebody has taken the lock in between
        hopeless = true;
        failure = own;
      }
    }
    LOG.log(Level.DEBUG, "a transaction of " + batch.size() + " changes failed", failure);
  }

  private boolean opened() {
    try {
      session = database.openWriter();
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /** Makes all changes in one transaction; returns why none was made, or null. */
  private @Nullable Throwable transact(List<Entry<?>> batch) {
    Session used = session;
    refused = false;
    try {
      if (used == null) {
        used = database.openWriter();
        session = used;
      }
      refused = true;
      database.begin(used, batch.stream().anyMatch(Entry::flushed));
      refused = false;
      List<Runnable> tell = new ArrayList<>(batch.size());
      for (Entry<?> entry : batch) {
        tell.add(entry.made(used));
      }
      database.commit(used);
      tell.forEach(Runnable::run);
      return null;
    } catch (Throwable e) {
      takeBack(used);
      return e;
    }
  }

  private void takeBack(@Nullable Session used) {
    if (used == null) {
      return;
    }
    try {
      database.rollback(used);
    } catch (Throwable e) {
      drop(); // what a connection holds that cannot even roll back is not known
      return;
    }
    try {
      if (!used.connection().isValid(2)) {
        drop();
      }
    } catch (Throwable e) {
      drop();
    }
  }

  private void drop() {
    Session dropped = session;
    session = null;
    if (dropped != null) {
      try {
        dropped.close();
      } catch (Throwable e) {
        LOG.log(Level.DEBUG, "a connection could not be closed", e);
      }
    }
  }

  /** Writes what waits, then ends the thread. Blocks up to ten seconds. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
