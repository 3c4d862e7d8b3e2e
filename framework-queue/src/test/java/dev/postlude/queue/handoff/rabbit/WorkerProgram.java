package dev.postlude.queue.handoff.rabbit;

import dev.postlude.background.Retry;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker process of the tests. Its arguments: RabbitMQ's address, the prefix, the threads. */
final class WorkerProgram {
  static final TaskPolicy POLICY =
      TaskPolicy.defaults().retry(Retry.times(3).backoff(Duration.ofMillis(50)));

  private WorkerProgram() {}

  /** What the tests send. */
  record Order(int number) {}

  public static void main(String... arguments) throws Exception {
    // There is no such folder, and none can be made: a worker opens no database.
    TaskQueue queue = queue(arguments[0], arguments[1], Path.of("/dev/null/tasks.db"));
    queue = queue.with(QueueOptions.defaults().threads(Integer.parseInt(arguments[2])));
    define(queue);
    queue.work();
  }

  static TaskQueue queue(String uri, String prefix, Path outbox) {
    return TaskQueue.rabbitmq(RabbitMq.at(uri).prefix(prefix), outbox);
  }

  static TaskType<Order> define(TaskQueue queue) {
    return queue.defineWithResult("orders", Order.class, POLICY, WorkerProgram::order);
  }

  /** The way to such workers for a test that is its own outbox. */
  @SuppressWarnings("unchecked") // never called
  static RabbitTask wayThere(String uri, String prefix) {
    TaskHandler<Order> handler = WorkerProgram::order;
    return new RabbitWorkers(RabbitMq.at(uri).prefix(prefix), 1)
        .handle("orders", Order.class, (TaskHandler<Object>) (TaskHandler<?>) handler, POLICY);
  }

  static Object order(Order order, TaskRun run) throws Exception {
    run.progress(1, 2, "half of " + order.number());
    TimeUnit.MILLISECONDS.sleep(20);
    if (order.number() < 0) {
      Runtime.getRuntime().halt(1); // as a crash in native code would
    }
    if (order.number() % 10 == 7 && run.attempt() == 1) {
      throw new IllegalStateException("not at the first attempt");
    }
    return order.number() * 2;
  }
}
