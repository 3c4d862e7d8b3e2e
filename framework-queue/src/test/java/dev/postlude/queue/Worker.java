package dev.postlude.queue;

/** A thread that does a queue's work until it is closed, as a process of its own would. */
public final class Worker implements AutoCloseable {
  private final Thread thread;

  private Worker(TaskQueue queue) {
    thread = new Thread(() -> work(queue), "worker");
    thread.start();
  }

  /** Starts one, for a queue whose types are defined. */
  public static Worker of(TaskQueue queue) {
    return new Worker(queue);
  }

  private static void work(TaskQueue queue) {
    try {
      queue.work();
    } catch (InterruptedException e) {
      // The test is over.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it, and waits until it has ended. */
  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
