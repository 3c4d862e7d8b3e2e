package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.rabbit.WorkerProgram.Order;
import dev.postlude.queue.task.QueueStats;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.JavaProgram;
import dev.postlude.rig.RabbitServer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed again and again under load, behind a real queue. */
class ChaosLiveTest {
  private static final int TASKS = 300;
  private static final int KILLS = 5;

  @TempDir Path folder;

  @Test
  void everyTaskThatWasAcceptedEndsAlthoughWorkersAreKilled() throws Exception {
    String uri = RabbitServer.shared().uri();
    String prefix = "t" + UUID.randomUUID();
    Child[] workers = new Child[2];
    try (TaskQueue queue = WorkerProgram.queue(uri, prefix, folder.resolve("tasks.db"))) {
      TaskType<Order> type = WorkerProgram.define(queue);
      queue.start();
      for (int i = 0; i < TASKS; i++) {
        type.enqueue(new Order(i)).toCompletableFuture().get();
      }
      workers[0] = worker(uri, prefix);
      workers[1] = worker(uri, prefix);
      for (int i = 1; i <= KILLS; i++) {
        int aim = TASKS * i / (KILLS + 2);
        Eventually.get(queue::stats, stats -> stats.count(TaskState.SUCCEEDED) >= aim);
        workers[i % 2].kill();
        workers[i % 2] = worker(uri, prefix);
      }
      QueueStats end = Eventually.get(queue::stats, ChaosLiveTest::allEnded);

      List<TaskRecord> dead = queue.tasks(TaskQuery.all().states(TaskState.DEAD).limit(1000));
      assertThat(end.count(TaskState.SUCCEEDED)).as("%s %s", end, dead).isEqualTo(TASKS);
      for (TaskRecord task : queue.tasks(TaskQuery.all().limit(1000))) {
        int number = Integer.parseInt(task.payload().replaceAll("\\D", ""));
        assertThat(task.result()).isEqualTo("" + 2 * number);
      }
    } finally {
      for (Child worker : workers) {
        if (worker != null) {
          worker.close();
        }
      }
    }
  }

  private static Child worker(String uri, String prefix) throws Exception {
    return JavaProgram.start(WorkerProgram.class, uri, prefix, "4");
  }

  private static boolean allEnded(QueueStats stats) {
    return stats.count(TaskState.SUCCEEDED) + stats.count(TaskState.DEAD) == TASKS;
  }
}
