package dev.postlude.queue.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import dev.postlude.App;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.rabbit.Application;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.Chromium;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import dev.postlude.server.Server;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's buttons for a task that a RabbitMQ has and a worker does, in a real browser. */
class TaskPageHandedOffTest {
  @TempDir Path folder;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

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

  @Test
  void itIsHandedOverAgainCalledOffAtItsWorkerAndRunAgain() throws Exception {
    try (Application application = Application.in(folder);
        Chromium browser = Chromium.start()) {
      operate(application, browser);
    }
  }

  private void operate(Application application, Chromium browser) throws Exception {
    TaskQueue queue = application.web("tasks.db");
    TaskType<Integer> far = define(queue);
    App app = App.of(routes -> routes.group("/tasks", TaskPage.of(queue)::routes));
    try (Server server =
        app.with(app.server().host("127.0.0.1").port(0).stopOnSignal(false)).with(queue).start()) {
      browser.driver().get("http://127.0.0.1:" + server.port() + "/tasks/");
      String id = far.enqueue(21).toCompletableFuture().get(30, TimeUnit.SECONDS);
      browser.await("#tasks .state", "handed off");
      lose(application.queue("far"));

      browser.click("#tasks .actions button", "Run again");
      browser.await("#said", "far runs again.");
      application.worker(1, this::define);
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
    }
  }

  /** Takes it from RabbitMQ without doing it. */
  private static void lose(String queue) throws Exception {
    try (Connection connection = RabbitServer.shared().connect()) {
      var channel = connection.createChannel();
      assertThat(Eventually.get(() -> channel.basicGet(queue, true), got -> got != null))
          .isNotNull();
    }
  }

  private static void await(TaskQueue queue, String id, TaskState state) throws Exception {
    assertThat(Eventually.get(() -> queue.record(id).orElseThrow().state(), state::equals))
        .isEqualTo(state);
  }
}
