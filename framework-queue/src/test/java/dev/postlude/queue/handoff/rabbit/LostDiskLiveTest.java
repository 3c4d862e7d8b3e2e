package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A RabbitMQ that comes back without its disk: no queues, no messages. */
class LostDiskLiveTest {
  @TempDir Path folder;

  private static TaskType<Integer> define(TaskQueue queue) {
    return queue.defineWithResult("twice", Integer.class, (number, run) -> 2 * number);
  }

  private static String enqueue(TaskType<Integer> type, int number) throws Exception {
    return type.enqueue(number).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static TaskRecord await(TaskQueue queue, String id, TaskState state) throws Exception {
    TaskRecord task =
        Eventually.get(() -> queue.record(id).orElseThrow(), found -> found.state() == state);
    assertThat(task.state()).as("%s", task).isEqualTo(state);
    return task;
  }

  private static void loseTheDisk() throws Exception {
    RabbitServer.shared().stop();
    try {
      RabbitServer.shared().wipe();
    } finally {
      RabbitServer.shared().start();
    }
  }

  @Test
  void whatItHasLostRunsWhenItIsHandedOverAgainAndNewTasksRun() throws Exception {
    try (Application application = Application.in(folder)) {
      TaskQueue web = application.web("tasks.db");
      TaskType<Integer> twice = define(web);
      web.start();
      String lost = enqueue(twice, 21);
      await(web, lost, TaskState.HANDED_OFF);
      loseTheDisk();
      application.worker(1, LostDiskLiveTest::define);
      String fresh = enqueue(twice, 4);
      assertThat(await(web, fresh, TaskState.SUCCEEDED).result()).isEqualTo("8");
      assertThat(web.record(lost).orElseThrow().state()).isEqualTo(TaskState.HANDED_OFF);

      assertThat(web.retry(lost)).isTrue();

      TaskRecord done = await(web, lost, TaskState.SUCCEEDED);
      assertThat(done.result()).isEqualTo("42");
      assertThat(done.attempt()).as("the same attempt").isEqualTo(1);

      loseTheDisk(); // and now while a worker listens
      String later = enqueue(twice, 5);
      assertThat(await(web, later, TaskState.SUCCEEDED).result()).isEqualTo("10");
    }
  }
}
