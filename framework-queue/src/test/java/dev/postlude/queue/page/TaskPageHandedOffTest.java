package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import dev.postlude.App;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Chromium;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import dev.postlude.server.Server;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's buttons for a task that a RabbitMQ has and a worker does, in a real browser. */
class TaskPageHandedOffTest {
  @TempDir Path folder;

  private final String prefix = "t" + UUID.randomUUID();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private TaskQueue queue(String file) throws Exception {
    return TaskQueue.rabbitmq(
        RabbitMq.at(RabbitServer.shared().uri()).prefix(prefix), folder.resolve(file));
  }

  private TaskType<Integer> define(TaskQueue queue) {
    return queue.defineWithResult(
        "far",
        Integer.class,
        (number, run) -> {
          if (begun.getCount() == 0) {
            return 2 * number;
          }
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return null;
        });
  }

  private Thread worker() throws Exception {
    TaskQueue queue = queue("worker.db").with(QueueOptions.defaults().threads(1));
    define(queue);
    Thread thread =
        new Thread(
            () -> {
              try {
                queue.work();
              } catch (InterruptedException e) {
                // The test is over.
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "worker");
    thread.start();
    return thread;
  }

  @Test
  void itIsHandedOverAgainCalledOffAtItsWorkerAndRunAgain() throws Exception {
    TaskQueue queue = queue("tasks.db");
    TaskType<Integer> far = define(queue);
    App app = App.of(routes -> routes.group("/tasks", TaskPage.of(queue)::routes));
    Thread worker = null;
    try (Chromium browser = Chromium.start();
        Server server =
            app.with(app.server().host("127.0.0.1").port(0).stopOnSignal(false))
                .with(queue)
                .start()) {
      browser.driver().get("http://127.0.0.1:" + server.port() + "/tasks/");
      String id = far.enqueue(21).toCompletableFuture().get(30, TimeUnit.SECONDS);
      browser.await("#tasks .state", "handed off");
      lose();

      browser.click("#tasks .actions button", "Run again");
      browser.await("#said", "far runs again.");
      worker = worker();
      assertThat(begun.await(60, TimeUnit.SECONDS)).as("handed over again").isTrue();
      await(queue, id, TaskState.HANDED_OFF);

      browser.await("#tasks .state", "handed off");
      browser.click("#tasks .actions button", "Cancel");
      browser.await("#said", "far is called off.");
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).as("the worker heard of it").isTrue();
      browser.await("#tasks .state", "cancelled");
      assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);

      browser.click("#tasks .actions button", "Run again");
      browser.await("#tasks .state", "succeeded");
      assertThat(queue.record(id).orElseThrow().result()).isEqualTo("42");
      assertThat(browser.complaints()).isEmpty();
    } finally {
      if (worker != null) {
        worker.interrupt();
        worker.join();
      }
    }
  }

  /** Takes it from RabbitMQ without doing it. */
  private void lose() throws Exception {
    try (Connection connection = RabbitServer.shared().connect()) {
      var channel = connection.createChannel();
      assertThat(
              Eventually.get(
                  () -> channel.basicGet(prefix + ".tasks.far", true), got -> got != null))
          .isNotNull();
    }
  }

  private static void await(TaskQueue queue, String id, TaskState state) throws Exception {
    assertThat(Eventually.get(() -> queue.record(id).orElseThrow().state(), state::equals))
        .isEqualTo(state);
  }
}
