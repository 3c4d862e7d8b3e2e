package dev.postlude.queue;

import dev.postlude.background.BackgroundService;
import dev.postlude.background.TaskDirectory;
import dev.postlude.background.TaskStatus;
import dev.postlude.http.TypeOf;
import dev.postlude.queue.engine.Engine;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.handoff.rabbit.RabbitWorkers;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.PostgresDatabase;
import dev.postlude.queue.store.SqliteDatabase;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.QueueStats;
import dev.postlude.queue.task.TaskAction;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Background tasks that survive the process: on disk before the client has its 202.
 *
 * <pre>{@code
 * TaskQueue queue = TaskQueue.sqlite(Path.of("tasks.db"));
 * TaskType<Welcome> welcome =
 *     queue.define("welcome-mail", Welcome.class, (mail, run) -> send(mail));
 * App.of(routes -> {
 *       routes.post("/signup", request -> Response.accepted(welcome.with(new Welcome(email))));
 *       routes.taskStatus("/tasks", queue);
 *     })
 *     .with(queue)
 *     .start(8080);
 * }</pre>
 *
 * <p>Tasks are run at least once. Thread-safe once it is at work; define everything before.
 */
public final class TaskQueue implements BackgroundService, TaskDirectory, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final int OUTBOX_THREADS = 16; // which wait for RabbitMQ, and do nothing else

  private final Supplier<Database> database;
  private final @Nullable RabbitMq broker;
  private final QueueOptions options;
  private final @Nullable RabbitWorkers workers;
  private final Definitions definitions;
  private volatile @Nullable Engine engine;

  private TaskQueue(Supplier<Database> database, @Nullable RabbitMq broker, QueueOptions options) {
    this.database = database;
    this.broker = broker;
    this.options = options;
    this.workers = broker == null ? null : new RabbitWorkers(broker, options.threads());
    this.definitions = new Definitions(workers);
  }

  /**
   * A queue in a file on a local disk. The file is made when it is not there; beside it lie
   * SQLite's own files and the lock files of the processes that work on it, all of them on one
   * machine.
   */
  public static TaskQueue sqlite(Path file) {
    Objects.requireNonNull(file, "file");
    return new TaskQueue(() -> new SqliteDatabase(file), null, QueueOptions.defaults());
  }

  /**
   * A queue on a PostgreSQL server, shared by any number of processes. Keeps one connection of the
   * pool to itself and needs a few more for moments; makes its tables when they are not there.
   */
  public static TaskQueue postgres(DataSource pool) {
    Objects.requireNonNull(pool, "pool");
    return new TaskQueue(() -> new PostgresDatabase(pool), null, QueueOptions.defaults());
  }

  /**
   * A queue whose tasks are done by workers anywhere, which get them over RabbitMQ: processes that
   * say {@link #work}. All others store tasks in the outbox, a file as that of {@link #sqlite},
   * hand them over from there, and take down what became of them. Needs {@code
   * com.rabbitmq:amqp-client} on the class path.
   *
   * @param uri {@code amqp://user:password@host:port/vhost}, or {@code amqps://}
   * @throws IllegalArgumentException if it is no such address
   */
  public static TaskQueue rabbitmq(String uri, Path outbox) {
    return rabbitmq(RabbitMq.at(uri), outbox);
  }

  /** The same with an outbox on a PostgreSQL server, as that of {@link #postgres}. */
  public static TaskQueue rabbitmq(String uri, DataSource outbox) {
    return rabbitmq(RabbitMq.at(uri), outbox);
  }

  /** The same where there is more to be said of the server. */
  public static TaskQueue rabbitmq(RabbitMq server, Path outbox) {
    Objects.requireNonNull(outbox, "outbox");
    return new TaskQueue(() -> new SqliteDatabase(outbox), server, QueueOptions.defaults());
  }

  /** The same on PostgreSQL where there is more to be said of the server. */
  public static TaskQueue rabbitmq(RabbitMq server, DataSource outbox) {
    Objects.requireNonNull(outbox, "outbox");
    return new TaskQueue(() -> new PostgresDatabase(outbox), server, QueueOptions.defaults());
  }

  /**
   * Returns the same queue, working as told; said before anything is defined.
   *
   * @throws IllegalStateException when something is defined already
   */
  public synchronized TaskQueue with(QueueOptions options) {
    if (!definitions.names().isEmpty()) {
      throw new IllegalStateException("Say with(options) before the first define().");
    }
    return new TaskQueue(database, broker, Objects.requireNonNull(options, "options"));
  }

  /** Defines a type of tasks without a result, with the usual policy. */
  public <T> TaskType<T> define(String name, Class<T> payload, TaskAction<? super T> action) {
    return define(name, payload, TaskPolicy.defaults(), action);
  }

  /**
   * Defines a type of tasks without a result.
   *
   * @param name what its tasks are known by in the database; another one is another type
   * @param payload what comes with each task, written and read as JSON
   * @throws IllegalArgumentException when the name is blank, longer than 100 characters, or taken
   * @throws IllegalStateException when the queue is at work already
   */
  public <T> TaskType<T> define(
      String name, Class<T> payload, TaskPolicy policy, TaskAction<? super T> action) {
    return add(name, payload, Definitions.handler(action), policy, null);
  }

  /** Defines a type of tasks without a result whose payload has type arguments. */
  public <T> TaskType<T> define(
      String name, TypeOf<T> payload, TaskPolicy policy, TaskAction<? super T> action) {
    return add(name, Definitions.payload(payload), Definitions.handler(action), policy, null);
  }

  /** Defines a type of tasks that another system does. */
  public <T> TaskType<T> define(String name, Class<T> payload, HandOff handOff) {
    return add(name, payload, null, TaskPolicy.defaults(), Definitions.given(handOff));
  }

  /** Defines a type of tasks with a result, with the usual policy. */
  public <T> TaskType<T> defineWithResult(
      String name, Class<T> payload, TaskHandler<? super T> handler) {
    return defineWithResult(name, payload, TaskPolicy.defaults(), handler);
  }

  /** Defines a type of tasks with a result; all else is as in {@code define}. */
  public <T> TaskType<T> defineWithResult(
      String name, Class<T> payload, TaskPolicy policy, TaskHandler<? super T> handler) {
    return add(name, payload, Definitions.given(handler), policy, null);
  }

  /** Defines a type of tasks with a result whose payload has type arguments. */
  public <T> TaskType<T> defineWithResult(
      String name, TypeOf<T> payload, TaskPolicy policy, TaskHandler<? super T> handler) {
    return add(name, Definitions.payload(payload), Definitions.given(handler), policy, null);
  }

  @SuppressWarnings("unchecked") // what is read as the payload's type is handed to nobody else
  private synchronized <T> TaskType<T> add(
      String name,
      Type payload,
      @Nullable TaskHandler<? super T> handler,
      TaskPolicy policy,
      @Nullable HandOff handOff) {
    if (engine != null) {
      throw new IllegalStateException(
          "Define \"" + name + "\" before the queue starts: workers ask for the names they know.");
    }
    definitions.add(name, payload, policy, (TaskHandler<Object>) handler, handOff);
    return new TaskType<>(this::engine, this, name, Duration.ZERO);
  }

  /**
   * Opens the database and starts to work. {@code app.with(queue)} does it by itself. Blocks.
   *
   * @throws SQLException when the database is not there, or not fit for a queue
   * @throws IllegalStateException when it is at work already
   */
  @Override
  public synchronized void start() throws SQLException {
    if (engine != null) {
      throw new IllegalStateException("The queue is at work already.");
    }
    QueueOptions own = workers == null ? options : options.threads(OUTBOX_THREADS);
    engine = Engine.start(database.get(), own, definitions.all());
  }

  /**
   * Lets what runs end, puts the rest back, and closes the database. What still runs near the end
   * of that time is interrupted and will run again. Does nothing when it is not at work. Blocks.
   */
  @Override
  public synchronized void stop(Duration atMost) {
    Engine stopped = engine;
    if (stopped != null) {
      stopped.stop(atMost);
      engine = null;
    }
    if (workers != null) {
      workers.stop(atMost);
    }
  }

  /** Stops within 25 seconds. */
  @Override
  public void close() {
    stop(PATIENCE);
  }

  /**
   * Works until the process is told to end (SIGTERM, SIGINT), then stops within 25 seconds, and the
   * process ends with 0; a second signal ends it at once. That is all that a process does that was
   * started with {@code --worker}. On RabbitMQ it opens no database, and stores no tasks. Blocks.
   *
   * @throws SQLException when the database is not there, or not fit for a queue
   * @throws InterruptedException when the calling thread is interrupted; the queue stops then
   */
  public void work() throws SQLException, InterruptedException {
    if (workers == null) {
      start();
    } else {
      workers.start();
    }
    Termination.await(this::close);
  }

  /** What is known of a task, for its client. Blocks. */
  @Override
  public Optional<TaskStatus> find(String id) throws SQLException {
    return record(id).map(Statuses::of);
  }

  /** All that is known of a task, for those who run the queue. Blocks. */
  public Optional<TaskRecord> record(String id) throws SQLException {
    return engine().read((archive, session) -> archive.find(session, id));
  }

  /** Lists tasks, the latest first. Blocks. */
  public List<TaskRecord> tasks(TaskQuery query) throws SQLException {
    return engine().read((archive, session) -> archive.list(session, query));
  }

  /**
   * Lets a dead or cancelled task run again, with all its attempts before it; one that waits for
   * its time runs now. One that another system has is handed over once more, and so may run twice:
   * for when that system has lost it. Blocks.
   *
   * @return false when it is in no such state
   */
  public boolean retry(String id) throws SQLException {
    Engine at = engine();
    long now = System.currentTimeMillis();
    boolean done = at.change((archive, session) -> archive.runAgain(session, id, now) != null);
    at.wake();
    return done;
  }

  /**
   * Calls a task off. One that waits is cancelled when this returns. One that runs is interrupted,
   * at once in this process and within {@link QueueOptions#pollEvery} in another one, and cancelled
   * if it heeds that; if it fails instead, or its process ends, it does not run again. One that is
   * on RabbitMQ counts as cancelled at once, and its worker is interrupted. Blocks.
   *
   * @return false when it has come to its end, or is with another system than RabbitMQ
   */
  public boolean cancel(String id) throws SQLException {
    return engine().cancel(id);
  }

  /**
   * Forgets a task that has come to its end. Blocks.
   *
   * @return false when it has not, or is not there
   */
  public boolean remove(String id) throws SQLException {
    return engine().change((archive, session) -> archive.remove(session, id));
  }

  /** How the queue is doing. Counts all that is stored: ask for it now and then. Blocks. */
  public QueueStats stats() throws SQLException {
    return Statuses.stats(engine(), Set.copyOf(definitions.names()));
  }

  /** The names that are defined, in that order. */
  public List<String> names() {
    return definitions.names();
  }

  /** The engine, while there is one. */
  private Engine engine() {
    Engine at = engine;
    if (at == null) {
      throw new IllegalStateException(
          "The queue is not at work: say app.with(queue), or queue.start(). A worker on RabbitMQ has"
              + " no outbox, and stores no tasks.");
    }
    return at;
  }

  @Override
  public String toString() {
    return "TaskQueue" + names();
  }
}
