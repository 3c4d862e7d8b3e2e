package dev.postlude.queue.engine;

import dev.postlude.queue.store.Attempts.Progress;
import dev.postlude.queue.task.TaskRun;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Progress that is stored at once, but not more often than once a second. */
final class NotedProgress implements TaskRun.ProgressSink {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final Bench bench;
  private final String id;
  private @Nullable Progress last;
  private long stored;

  NotedProgress(Bench bench, String id) {
    this.bench = bench;
    this.id = id;
    this.stored = System.nanoTime() - PAUSE;
  }

  @Override
  public synchronized void progressed(long done, long total, String message) {
    Progress said = new Progress(done, total, Errors.trimmed(message, 500));
    last = said;
    if (System.nanoTime() - stored >= PAUSE) {
      stored = System.nanoTime();
      bench.noted(session -> bench.attempts().progress(session, id, said));
    }
  }

  synchronized @Nullable Progress last() {
    return last;
  }
}
