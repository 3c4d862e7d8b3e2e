package dev.postlude.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes executors for work that may block: virtual threads on JDK 21 and later, one for each task
 * that runs at a time; before that a pool.
 *
 * <p>The threads are daemons and inherit no thread-locals: what a worker is to know of its maker is
 * handed to it.
 */
public final class Workers {
  private static final boolean VIRTUAL = Runtime.version().feature() >= 21;

  private Workers() {}

  /** Tells whether workers are virtual threads here. */
  public static boolean virtual() {
    return VIRTUAL;
  }

  /**
   * Makes an executor that never queues a task while it may start another thread.
   *
   * @param threadNamePrefix what thread names begin with; a number from 1 follows
   * @param maxPlatformThreads how large a pool may grow before tasks wait, first come first served;
   *     means nothing to virtual threads, whose number is not bounded here
   * @throws IllegalArgumentException if fewer than 1 thread is allowed
   */
  public static ExecutorService create(String threadNamePrefix, int maxPlatformThreads) {
    Objects.requireNonNull(threadNamePrefix, "Workers need a thread name prefix.");
    if (maxPlatformThreads < 1) {
      throw new IllegalArgumentException("Workers need 1 thread or more: " + maxPlatformThreads);
    }
    return VIRTUAL
        ? new Relay(virtualThreads(threadNamePrefix))
        : pool(daemons(threadNamePrefix), maxPlatformThreads);
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicLong number = new AtomicLong();
    return task -> {
      Thread thread = new Thread(null, task, prefix + number.incrementAndGet(), 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Makes a pool that hands a task to an idle thread, or else to a new one, and queues it only when
   * there may be no more threads. (The JDK's own pools either queue before they grow, or refuse
   * when they are grown.)
   */
  static ExecutorService pool(ThreadFactory threads, int max) {
    IdleThreads queue = new IdleThreads();
    // One core thread, which never times out: so nobody's last thread can leave while a task is
    // being queued.
    return new ThreadPoolExecutor(
        1, max, 30, TimeUnit.SECONDS, queue, threads, Workers::queueWhenGrown);
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

  /** Calls {@code Thread.ofVirtual()} and so on by handle: this code is compiled for release 17. */
  private static ThreadFactory virtualThreads(String prefix) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      Object builder =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(type)).invoke();
      builder =
          lookup
              .findVirtual(type, "name", MethodType.methodType(type, String.class, long.class))
              .invoke(builder, prefix, 1L);
      builder =
          lookup
              .findVirtual(
                  type,
                  "inheritInheritableThreadLocals",
                  MethodType.methodType(type, boolean.class))
              .invoke(builder, false);
      return (ThreadFactory)
          lookup
              .findVirtual(type, "factory", MethodType.methodType(ThreadFactory.class))
              .invoke(builder);
    } catch (Throwable error) {
      throw new LinkageError(
          "This JDK says that it has virtual threads, but not how to start one.", error);
    }
  }
}
