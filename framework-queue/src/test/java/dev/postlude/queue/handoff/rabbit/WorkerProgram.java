package dev.postlude.queue.handoff.rabbit;

import dev.postlude.background.Retry;
import dev.postlude.queue.task.TaskPolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker process of the tests. Its arguments: RabbitMQ's address, the prefix, the threads. */
final class WorkerProgram {
  private WorkerProgram() {}

  /** What the tests send. */
  record Order(int number) {}

  public static void main(String... arguments) throws Exception {
    RabbitWorkers workers = workers(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
    orders(workers);
    workers.work();
  }

  /** The same for the outbox, which only needs the names. */
  static RabbitWorkers workers(String uri, String prefix, int threads) {
    return RabbitWorkers.at(uri).prefix(prefix).threads(threads);
  }

  static RabbitTask orders(RabbitWorkers workers) {
    return workers.handle(
        "orders",
        Order.class,
        (order, run) -> {
          run.progress(1, 2, "half of " + order.number());
          TimeUnit.MILLISECONDS.sleep(20);
          if (order.number() < 0) {
            Runtime.getRuntime().halt(1); // as a crash in native code would
          }
          if (order.number() % 10 == 7 && run.attempt() == 1) {
            throw new IllegalStateException("not at the first attempt");
          }
          return order.number() * 2;
        },
        TaskPolicy.defaults().retry(Retry.times(3).backoff(Duration.ofMillis(50))));
  }
}
