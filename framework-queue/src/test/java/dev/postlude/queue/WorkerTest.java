package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that only works, beside one that only stores, on one file. */
class WorkerTest {
  @TempDir Path folder;

  @Test
  void aWorkerDoesWhatOthersStoreAndEndsWhatItHasBegun() throws Exception {
    Path database = folder.resolve("tasks.db");
    try (TaskQueue stores = TaskQueue.sqlite(database).with(QueueOptions.defaults().threads(0))) {
      TaskType<Integer> slow = stores.define("slow", Integer.class, (millis, run) -> {});
      stores.start();
      try (ChildApp worker =
          ChildApp.start(
              database.toString(),
              folder.resolve("runs.txt"),
              folder.resolve("log.txt"),
              "--worker")) {
        assertThat(worker).isNotNull();
        String first = Bells.value(slow.enqueue(1));
        Bells.await(stores, first, TaskState.SUCCEEDED);

        String running = Bells.value(slow.enqueue(500));
        Bells.await(stores, running, TaskState.RUNNING, TaskState.SUCCEEDED);
        String later = Bells.value(slow.after(Duration.ofHours(1)).enqueue(1));
        worker.terminate();

        assertThat(worker.ended()).isTrue();
        assertThat(worker.exitValue()).as("a clean stop").isZero();
        TaskRecord ended = stores.record(running).orElseThrow();
        assertThat(ended.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(ended.result()).isEqualTo("\"slept\"");
        assertThat(stores.record(later).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
      }
    }
  }
}
