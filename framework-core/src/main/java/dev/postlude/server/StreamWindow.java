package dev.postlude.server;

import dev.postlude.http.DisconnectedException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a stream's writer and the event loop: how much may be on its way, and word
 * that nobody wants any more. Thread-safe; only {@link #take} waits.
 *
 * <p>A lock and not {@code synchronized}, which would pin a waiting virtual thread to its carrier.
 */
final class StreamWindow {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  /** Why a stream ends before its writer does. */
  enum End {
    CLIENT_LEFT("the client is gone"),
    SERVER_STOPS("the server is stopping");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  private final int room;
  private final boolean interrupting;
  private final Executor workers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int onTheWay;
  private @Nullable End end;
  private @Nullable Thread writer;
  private boolean interrupted;
  private List<Runnable> actions = new ArrayList<>(1);

  /**
   * An open window.
   *
   * @param room how many bytes may be on their way before a writer waits
   * @param interrupting whether the writer is interrupted at the end, rather than to hear of it
   *     when it writes next
   * @param workers run what is to be done at the end
   */
  StreamWindow(int room, boolean interrupting, Executor workers) {
    this.room = room;
    this.interrupting = interrupting;
    this.workers = workers;
  }

  /** Called by the writer's thread before it begins. */
  void enter() {
    lock.lock();
    try {
      writer = Thread.currentThread();
      interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Called by the writer's thread when it is done: it takes no interruption of ours along. */
  void leave() {
    lock.lock();
    try {
      writer = null;
      if (interrupted) {
        Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  private void interrupt() {
    Thread thread = writer;
    if (interrupting && end != null && thread != null) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * Takes room for that many bytes; waits until there is some.
   *
   * @throws DisconnectedException when the stream has ended
   */
  void take(int bytes) throws DisconnectedException, InterruptedIOException {
    lock.lock();
    try {
      while (end == null && onTheWay >= room) {
        changed.await();
      }
      requireOpen();
      onTheWay += bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      requireOpen();
      throw new InterruptedIOException("interrupted while the client was slow");
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws DisconnectedException {
    End present = end;
    if (present != null) {
      throw new DisconnectedException(present.words);
    }
  }

  /** Takes room without waiting for it. */
  void force(int bytes) {
    give(-bytes);
  }

  /** Gives room back: the bytes have gone out. */
  void give(int bytes) {
    lock.lock();
    try {
      onTheWay -= bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream; the first time counts. */
  void close(End why) {
    List<Runnable> toDo;
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      end = why;
      changed.signalAll();
      interrupt();
      toDo = actions;
      actions = List.of();
    } finally {
      lock.unlock();
    }
    toDo.forEach(this::perform);
  }

  /** Why it has ended, or {@code null} while it is open. */
  @Nullable End end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  void onClose(Runnable action) {
    lock.lock();
    try {
      if (end == null) {
        actions.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    perform(action);
  }

  private void perform(Runnable action) {
    try {
      workers.execute(
          () -> {
            try {
              action.run();
            } catch (Throwable failure) {
              LOG.log(Level.ERROR, "what was to be done when a stream closed failed", failure);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "the server has stopped: nothing is done when a stream closes");
    }
  }
}
