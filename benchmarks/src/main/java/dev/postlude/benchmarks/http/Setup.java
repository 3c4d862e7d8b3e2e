package dev.postlude.benchmarks.http;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a peer is told.
 *
 * @param port where to listen, on {@link #HOST}
 * @param loops how many event loops to run, where a number can be said
 * @param mode which of its ways of calling handlers, for a peer with more than one
 * @param tasks counts what is done after responses
 */
public record Setup(int port, int loops, String mode, TaskCount tasks) {
  /** The loopback interface, and no other. */
  public static final String HOST = "127.0.0.1";

  /**
   * Threads for what is done after a response, for peers that have none of their own: virtual ones
   * where there are, else a pool as large as there are event loops.
   */
  public ExecutorService taskThreads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException e) {
      return Executors.newFixedThreadPool(loops);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
