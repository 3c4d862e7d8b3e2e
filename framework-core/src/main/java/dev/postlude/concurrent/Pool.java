package dev.postlude.concurrent;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A pool that hands a task to an idle thread, or else to a new one, and queues it only when there
 * may be no more threads. (The JDK's own pools either queue before they grow, or refuse when they
 * are grown.)
 */
final class Pool extends ThreadPoolExecutor implements Workers {
  Pool(ThreadFactory threads, int max) {
    // One core thread, which never times out: so nobody's last thread can leave while a task is
    // being queued.
    super(1, max, 30, TimeUnit.SECONDS, new IdleThreads(), threads, Pool::queueWhenGrown);
  }

  private static void queueWhenGrown(Runnable task, ThreadPoolExecutor pool) {
    if (!pool.isShutdown()) {
      pool.getQueue().add(task);
      if (!pool.isShutdown() || !pool.remove(task)) {
        return;
      }
    }
    throw new RejectedExecutionException("These workers have been shut down.");
  }

  /** Begins it at once: each task wakes a thread of its own, however many there are. */
  @Override
  public void enqueue(Runnable task) {
    execute(task);
  }

  @Override
  public void begin() {}

  @Override
  public void bringBack(Runnable quick) {
    quick.run();
  }

  /** The queue of a pool, which takes an offer only when an idle thread waits for one. */
  private static final class IdleThreads extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    @Override
    public boolean add(Runnable task) {
      return super.offer(task);
    }
  }
}
