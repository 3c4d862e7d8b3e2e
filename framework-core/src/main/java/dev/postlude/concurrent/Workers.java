package dev.postlude.concurrent;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Threads for work that may block: virtual ones on JDK 21 and later, one for each task that runs at
 * a time; before that a pool. None queues a task while it may start another thread.
 *
 * <p>The threads are daemons and inherit no thread-locals: what a worker is to know of its maker is
 * handed to it.
 *
 * <p>To wake somebody costs more than most tasks do. Who has several tasks, or waits for what
 * several tasks make, may have the waking done once for all of them: {@link #enqueue} and {@link
 * #bringBack}.
 */
public interface Workers extends ExecutorService {
  /**
   * Takes on a task that is begun after {@link #begin}, if not before. Any thread; does not block.
   *
   * @throws RejectedExecutionException after a shutdown
   */
  void enqueue(Runnable task);

  /** Sees to it that what was enqueued is begun. Any thread; does not block. */
  void begin();

  /**
   * Brings back what a task has made, such as by waking whoever waits for it: at once, or a little
   * later together with what the next tasks make, but never after one that blocks. Called by a task
   * on its worker, as the last thing that it does; from any other thread it is at once.
   *
   * @param quick does not block and throws nothing; is run by any worker
   */
  void bringBack(Runnable quick);
}
