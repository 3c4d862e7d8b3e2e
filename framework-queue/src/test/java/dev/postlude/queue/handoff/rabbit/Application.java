package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.Worker;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.rig.RabbitServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The processes of one application on the shared RabbitMQ: some with an outbox, some that work. No
 * other test's queues there have its prefix.
 */
public final class Application implements AutoCloseable {
  private final String prefix = "t" + UUID.randomUUID();
  private final List<TaskQueue> opened = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final RabbitMq server;
  private final Path folder;

  private Application(RabbitMq server, Path folder) {
    this.server = server.prefix(prefix);
    this.folder = folder;
  }

  /** One whose outboxes are in this folder. */
  public static Application in(Path folder) throws Exception {
    return new Application(RabbitMq.at(RabbitServer.shared().uri()), folder);
  }

  /** A process with an outbox in this file. */
  public TaskQueue web(String outbox) throws Exception {
    TaskQueue queue = TaskQueue.rabbitmq(server, folder.resolve(outbox));
    opened.add(queue);
    return queue;
  }

  /** Starts a process as {@code --worker} would, with so many threads. */
  public void worker(int threads, Consumer<TaskQueue> defining) throws Exception {
    TaskQueue queue = web("worker.db").with(QueueOptions.defaults().threads(threads));
    defining.accept(queue);
    workers.add(Worker.of(queue));
  }

  /** The name of one of its queues in RabbitMQ. */
  public String queue(String type) {
    return prefix + ".tasks." + type;
  }

  String prefix() {
    return prefix;
  }

  @Override
  public void close() throws Exception {
    opened.forEach(TaskQueue::close);
    for (Worker each : workers) {
      each.close();
    }
  }
}
