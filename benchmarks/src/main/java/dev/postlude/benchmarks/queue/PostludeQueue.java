package dev.postlude.benchmarks.queue;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.QueueOptions;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ours, as it is. */
final class PostludeQueue implements DurableQueue {
  private @Nullable TaskQueue queue;
  private @Nullable TaskType<Integer> type;

  @Override
  public void open(Path file, boolean workers, Work work) throws Exception {
    queue = TaskQueue.sqlite(file).with(QueueOptions.defaults().threads(workers ? THREADS : 0));
    type = queue.define("work", Integer.class, (number, run) -> work.done(number));
    queue.start();
  }

  @Override
  public void enqueue(int number) throws Exception {
    Objects.requireNonNull(type).enqueue(number).toCompletableFuture().get();
  }

  @Override
  public void close() {
    Objects.requireNonNull(queue).close();
  }
}
