package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An application's tasks on RabbitMQ: the way there, for a process with an outbox, and the workers,
 * for one that does them. Each process is one of the two.
 *
 * <p>Thread-safe; handle everything before it starts.
 */
public final class RabbitWorkers {
  private static final int MOST_NAME = 200; // bytes; a queue's name has 255 with what stands before

  private final AmqpLink link;
  private final RabbitNames names;
  private final int threads;
  private final List<AmqpQueue> queues = new CopyOnWriteArrayList<>(); // of all types
  private final AmqpPublisher publisher;
  private final Replies replies;
  private final Map<String, Trade> trades = new LinkedHashMap<>(); // guarded by this
  private @Nullable Workshop workshop; // guarded by this

  /**
   * Those of this application on this server. Connects to nothing yet.
   *
   * @param threads how many tasks of each type a worker does at a time
   * @throws IllegalArgumentException if it is no address of such a server
   */
  public RabbitWorkers(RabbitMq server, int threads) {
    ClientLibrary.AMQP.require();
    this.link = AmqpLink.at(server.uri(), server.tls());
    this.names = new RabbitNames(server.prefix());
    this.threads = threads;
    this.publisher = new AmqpPublisher(link, queues);
    this.replies = new Replies(link, names, publisher);
    queues.add(names.dead());
  }

  /**
   * Says what is done for a type of tasks, and returns the way to have it done. The policy is asked
   * after an attempt failed over there; a lost connection counts as a crash, since RabbitMQ cannot
   * tell them apart.
   *
   * @throws IllegalArgumentException when the name is taken, or longer than 200 bytes
   */
  public synchronized RabbitTask handle(
      String type, Type payload, TaskHandler<Object> handler, TaskPolicy policy) {
    if (type.getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
      throw new IllegalArgumentException(
          "On RabbitMQ the name of a type of tasks has at most " + MOST_NAME + " bytes: " + type);
    }
    int atATime = Math.min(threads, policy.maxConcurrent());
    if (trades.putIfAbsent(type, new Trade(type, payload, handler, policy, atATime)) != null) {
      throw new IllegalArgumentException("\"" + type + "\" is handled already.");
    }
    queues.addAll(List.of(names.tasks(type), names.suspects(type)));
    return new RabbitTask(names.tasks(type).name(), names.cancelled(), queues, publisher, replies);
  }

  /**
   * Begins to work, and does not wait for the server: where it is not to be had it is tried again
   * and again.
   *
   * @throws IllegalStateException when it works already, or there is nothing to do
   */
  public synchronized void start() {
    if (workshop != null) {
      throw new IllegalStateException("The workers work already.");
    }
    if (trades.isEmpty() || threads == 0) {
      throw new IllegalStateException(
          "A worker needs something to do, and threads for it: say define() before, and not"
              + " threads(0).");
    }
    workshop = new Workshop(link, names, trades.values());
    workshop.start();
  }

  /**
   * Lets what runs end; what still runs near the end of that time is interrupted and given back.
   * Does nothing when it does not work. Blocks.
   */
  public void stop(Duration atMost) {
    Workshop stopped;
    synchronized (this) {
      stopped = workshop;
      workshop = null;
    }
    if (stopped != null) {
      stopped.stop(atMost);
    }
  }

  @Override
  public synchronized String toString() {
    return "RabbitWorkers" + trades.keySet();
  }
}
