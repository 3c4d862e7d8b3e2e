package dev.postlude.benchmarks.queue;

import java.nio.file.Path;

/** A queue on SQLite, as each of those that are compared is used. */
interface DurableQueue extends AutoCloseable {
  /** How many threads run tasks, for all of them. */
  int THREADS = 16;

  /** What a task does. */
  interface Work {
    void done(int number);
  }

  /**
   * Opens it in a file.
   *
   * @param workers whether it runs tasks, or only stores them
   */
  void open(Path file, boolean workers, Work work) throws Exception;

  /** Stores a task, and returns when it is on disk. Called by many threads at a time. */
  void enqueue(int number) throws Exception;

  @Override
  void close() throws Exception;
}
