package dev.postlude.queue.engine;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Workers that have the scheduler look for more as soon as one of them is free again. (By itself it
 * does so only when it knows of more, and what arrived while all were busy it does not know.)
 */
final class Wakeful extends AbstractExecutorService {
  private final ExecutorService workers;
  private final Runnable wake;

  Wakeful(ExecutorService workers, Runnable wake) {
    this.workers = workers;
    this.wake = wake;
  }

  @Override
  public void execute(Runnable task) {
    workers.execute(
        () -> {
          try {
            task.run();
          } finally {
            wake.run();
          }
        });
  }

  @Override
  public void shutdown() {
    workers.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return workers.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return workers.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return workers.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return workers.awaitTermination(timeout, unit);
  }
}
