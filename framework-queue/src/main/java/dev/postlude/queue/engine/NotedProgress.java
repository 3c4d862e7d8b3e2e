package dev.postlude.queue.engine;

import dev.postlude.queue.store.Attempts.Progress;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.task.TaskRun;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Progress that is stored at once, but not more often than once a second. */
final class NotedProgress implements TaskRun.ProgressSink {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final Bench bench;
  private final Picked picked;
  private @Nullable Progress last;
  private long stored;

  NotedProgress(Bench bench, Picked picked) {
    this.bench = bench;
    this.picked = picked;
    this.stored = System.nanoTime() - PAUSE;
  }

  @Override
  public synchronized void progressed(long done, long total, String message) {
    Progress said = new Progress(done, total, Errors.trimmed(message, 500));
    last = said;
    if (System.nanoTime() - stored >= PAUSE) {
      stored = System.nanoTime();
      bench.noted(session -> bench.attempts().progress(session, picked, said));
    }
  }

  synchronized @Nullable Progress last() {
    return last;
  }
}
