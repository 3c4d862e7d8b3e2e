package dev.postlude.queue.handoff.rabbit;

import dev.postlude.background.BackgroundService;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Workers of ours in processes of their own, which get their tasks over RabbitMQ.
 *
 * <pre>{@code
 * RabbitWorkers workers = RabbitWorkers.at("amqp://localhost");
 * RabbitTask resizing = workers.handle("resize", Picture.class, (picture, run) -> resize(picture));
 * if (List.of(arguments).contains("--worker")) {
 *   workers.work(); // no port, no database
 *   return;
 * }
 * TaskQueue queue = TaskQueue.sqlite(Path.of("tasks.db"));
 * TaskType<Picture> resize = queue.define("resize", Picture.class, resizing);
 * }</pre>
 *
 * <p>Thread-safe; handle everything before it starts.
 */
public final class RabbitWorkers implements BackgroundService {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  private final AmqpLink link;
  private final RabbitNames names;
  private final int threads;
  private final Replies replies;
  private final List<AmqpQueue> queues = new CopyOnWriteArrayList<>(); // of all types
  private final AmqpPublisher publisher;
  private final Map<String, Trade> trades = new LinkedHashMap<>(); // guarded by this
  private @Nullable Workshop workshop; // guarded by this

  private RabbitWorkers(AmqpLink link, RabbitNames names, int threads) {
    this.link = link;
    this.names = names;
    this.threads = threads;
    this.replies = new Replies(link, names);
    this.publisher = new AmqpPublisher(link, queues);
    queues.addAll(List.of(names.replies(), names.dead()));
  }

  /**
   * Names the server: {@code amqp://user:password@host:port/vhost}, or {@code amqps://}. Needs
   * {@code com.rabbitmq:amqp-client} on the class path. Connects to nothing yet.
   *
   * @throws IllegalArgumentException if it is no such address
   */
  public static RabbitWorkers at(String uri) {
    return at(URI.create(Objects.requireNonNull(uri, "at() needs RabbitMQ's address.")));
  }

  /** Names the server; see {@link #at(String)}. */
  public static RabbitWorkers at(URI uri) {
    return new RabbitWorkers(
        AmqpLink.at(uri),
        new RabbitNames("postlude"),
        Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Returns the same without any handler, whose queues begin with this; {@code postlude} when not
   * said. Two applications on one server need two prefixes.
   *
   * @throws IllegalArgumentException unless made of up to 100 letters, digits, dots, dashes and
   *     underscores
   */
  public RabbitWorkers prefix(String prefix) {
    return new RabbitWorkers(link, new RabbitNames(named(prefix)), threads);
  }

  /**
   * Returns the same without any handler, whose processes run this many tasks of each type at a
   * time; one for each processor when not said.
   *
   * @throws IllegalArgumentException if fewer than 1
   */
  public RabbitWorkers threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be 1 or more: " + threads);
    }
    return new RabbitWorkers(link, names, threads);
  }

  /** Says what is done for a type of tasks, with the usual policy. */
  public <T> RabbitTask handle(String type, Class<T> payload, TaskHandler<? super T> handler) {
    return handle(type, payload, handler, TaskPolicy.defaults());
  }

  /**
   * Says what is done for a type of tasks, and returns the way to have it done, for {@code
   * TaskQueue.define}. The policy is asked after an attempt failed over there; a lost connection
   * counts as a crash, since RabbitMQ cannot tell them apart.
   *
   * @throws IllegalArgumentException when the name is taken, or is not made of up to 100 letters,
   *     digits, dots, dashes and underscores
   * @throws IllegalStateException when it works already
   */
  @SuppressWarnings("unchecked") // what is read as the payload's type is handed to nobody else
  public synchronized <T> RabbitTask handle(
      String type, Class<T> payload, TaskHandler<? super T> handler, TaskPolicy policy) {
    if (workshop != null) {
      throw new IllegalStateException("Handle \"" + type + "\" before the workers start.");
    }
    int atATime = Math.min(threads, policy.maxConcurrent());
    Trade trade =
        new Trade(named(type), (Type) payload, (TaskHandler<Object>) handler, policy, atATime);
    if (trades.putIfAbsent(type, trade) != null) {
      throw new IllegalArgumentException("\"" + type + "\" is handled already.");
    }
    queues.addAll(List.of(names.tasks(type), names.suspects(type)));
    return new RabbitTask(names, type, publisher, replies);
  }

  private static String named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "RabbitMQ's queues are named with up to 100 letters, digits, dots, dashes and"
              + " underscores: "
              + name);
    }
    return name;
  }

  /**
   * Begins to work, and does not wait for the server: where it is not to be had it is tried again
   * and again.
   *
   * @throws IllegalStateException when it works already, or there is nothing to do
   */
  @Override
  public synchronized void start() {
    if (workshop != null) {
      throw new IllegalStateException("The workers work already.");
    }
    if (trades.isEmpty()) {
      throw new IllegalStateException("Workers need something to do: say handle() before.");
    }
    workshop = new Workshop(link, names, trades.values());
    workshop.start();
  }

  /**
   * Lets what runs end; what still runs near the end of that time is interrupted and given back.
   * Does nothing when it does not work. Blocks.
   */
  @Override
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

  /**
   * Works until the process is told to end (SIGTERM, SIGINT), then stops within 25 seconds: all
   * that a process does that was started with {@code --worker}. Blocks.
   *
   * @throws InterruptedException when the calling thread is interrupted; the workers stop then
   */
  public void work() throws InterruptedException {
    start();
    CountDownLatch told = new CountDownLatch(1);
    Thread hook =
        new Thread(
            null,
            () -> {
              told.countDown();
              stop(PATIENCE);
            },
            "postlude-rabbit-stop",
            0,
            false);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      told.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      stop(PATIENCE);
      throw e;
    }
  }

  @Override
  public synchronized String toString() {
    return "RabbitWorkers" + trades.keySet();
  }
}
