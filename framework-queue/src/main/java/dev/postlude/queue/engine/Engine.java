package dev.postlude.queue.engine;

import dev.postlude.concurrent.Threads;
import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.Intake;
import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.store.Intake.Reception;
import dev.postlude.queue.store.NodeClaim;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.store.Tables;
import dev.postlude.queue.store.Writer;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A queue at work: from the opening of the database to its closing. Used once. Thread-safe after
 * {@link #start}.
 */
public final class Engine {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  private final Database database;
  private final QueueOptions options;
  private final Map<String, Definition> definitions;
  private final Tables tables;
  private final Intake intake;
  private final Attempts attempts;
  private final Archive archive;
  private final Desk desk;
  private final Writer writer;
  private final NodeClaim claim;
  private final ScheduledExecutorService timer;
  private final ExecutorService callbacks = Threads.workers("postlude-queue-callback-", 4);
  private final Counters counters = new Counters();
  private final Holds holds;
  private final HandOffs handOffs;
  private final Crew crew;

  private Engine(Database database, QueueOptions options, Map<String, Definition> definitions)
      throws SQLException {
    this.database = database;
    this.options = options;
    this.definitions = Map.copyOf(definitions);
    this.tables = Tables.prefixed(options.tablePrefix());
    this.intake = new Intake(tables);
    this.attempts = new Attempts(tables, database);
    this.archive = new Archive(tables);
    database.prepare(tables);
    this.claim = database.claim(options.node());
    this.writer = new Writer(database);
    this.desk = new Desk(database, archive, writer);
    this.timer = timer();
    try {
      this.holds = new Holds(writer, intake, timer, options.hold());
      this.handOffs = new HandOffs(definitions.values());
      this.crew =
          new Crew(
              database,
              tables,
              options,
              this.definitions,
              writer,
              attempts,
              claim.name(),
              timer,
              counters,
              handOffs);
    } catch (RuntimeException | Error e) {
      timer.shutdownNow();
      writer.close();
      claim.close();
      database.close();
      throw e;
    }
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(null, task, "postlude-queue-timer", 0, false);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Opens the database, takes over what the dead have left, and starts to work. Blocks.
   *
   * @throws SQLException when the database is not there, or not fit for a queue
   */
  public static Engine start(
      Database database, QueueOptions options, Map<String, Definition> definitions)
      throws SQLException {
    Engine engine = new Engine(database, options, definitions);
    try {
      engine.bury();
      if (options.threads() > 0) {
        engine.handOffs.start(engine.identity(), engine.crew.hearing(engine.archive));
      }
      engine.crew.start();
      engine.timer.scheduleWithFixedDelay(new Lasting(engine::tidy), 1, 60, TimeUnit.SECONDS);
      long every = TimeUnit.MILLISECONDS.convert(options.pollEvery());
      engine.timer.scheduleWithFixedDelay(
          new Lasting(engine.crew::heed), every, every, TimeUnit.MILLISECONDS);
      return engine;
    } catch (SQLException | RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  /** Identifies the store: made up once, and the same for all who share it. */
  private String identity() throws SQLException {
    String fresh = UUID.randomUUID().toString().replace("-", "");
    return change((archive, session) -> archive.identity(session, fresh));
  }

  /** Takes over what our own previous life, and others that are certainly dead, had picked. */
  private void bury() throws SQLException {
    Takeover takeover = new Takeover(attempts, definitions);
    try {
      for (String node : claim.dead()) {
        writer
            .submit(
                true,
                session -> {
                  for (Picked picked : attempts.pickedBy(session, node)) {
                    takeover.take(session, picked, System.currentTimeMillis());
                  }
                  return true;
                })
            .join();
      }
      claim.buried();
    } catch (CompletionException e) {
      throw new SQLException("cannot take over what ran when the process ended", e.getCause());
    }
  }

  /**
   * Stores a task that is due at its time. What the app hangs on the stage runs on a thread for
   * such things, and does not hold up the writer.
   */
  public CompletableFuture<Reception> enqueue(Arrival arrival) {
    return writer
        .submit(true, session -> intake.store(session, arrival, TaskState.QUEUED, arrival.dueAt()))
        .thenApply(
            reception -> {
              arrived(arrival, reception);
              return reception;
            })
        .whenCompleteAsync((reception, error) -> {}, callbacks); // and failures as well
  }

  /** Stores a task on somebody else's connection, in their transaction. Blocks. */
  public Reception enqueue(Arrival arrival, Connection connection) throws SQLException {
    Session session = new Session(connection);
    try {
      return intake.store(session, arrival, TaskState.QUEUED, arrival.dueAt());
    } finally {
      session.detach();
    }
  }

  private void arrived(Arrival arrival, Reception reception) {
    if (reception == Reception.STORED) {
      counters.enqueued.increment();
      crew.wakeAt(arrival.dueAt());
    }
  }

  /** Stores a task and holds it back, until it is released, revoked, or its hold expires. */
  public CompletableFuture<Reception> hold(Arrival arrival) {
    return holds
        .store(arrival)
        .thenApply(
            reception -> {
              if (reception == Reception.STORED) {
                counters.enqueued.increment();
              }
              return reception;
            });
  }

  /** Lets a held task go. */
  public CompletableFuture<?> release(Arrival arrival, long dueAt) {
    return holds.release(arrival, dueAt).thenRun(() -> crew.wakeAt(dueAt));
  }

  /** Takes a held task back. */
  public void revoke(Arrival arrival) {
    holds.revoke(arrival);
  }

  /** Reads, on a connection of its own. Blocks. */
  public <R> R read(Reading<R> reading) throws SQLException {
    return desk.read(reading::read);
  }

  /** A question to the tables. */
  @FunctionalInterface
  public interface Reading<R> {
    /** Asks it. */
    R read(Archive archive, Session session) throws SQLException;
  }

  /** Changes what people may change, and returns when it is committed. Blocks. */
  public <R> R change(Reading<R> change) throws SQLException {
    return desk.change(change::read);
  }

  /** Has the scheduler look for tasks now. */
  public void wake() {
    crew.wake();
  }

  /** Calls a task off, wherever it is. Blocks. */
  public boolean cancel(String id) throws SQLException {
    return new CallOff(desk, crew, definitions).cancel(id);
  }

  /** Why tasks of some names cannot be handed over at this time. */
  public Map<String, String> unreachable() {
    return handOffs.outages();
  }

  /** What this process has done. */
  public Done done() {
    return new Done(
        counters.enqueued.sum(),
        counters.succeeded.sum(),
        counters.failed.sum(),
        counters.dead.sum(),
        crew.running(),
        Duration.ofNanos(counters.runNanos.sum()));
  }

  /** What a process has done since it started. */
  public record Done(
      long enqueued, long succeeded, long failed, long dead, int running, Duration runTime) {}

  private void tidy() {
    try {
      long before =
          System.currentTimeMillis() - TimeUnit.MILLISECONDS.convert(options.keepFinished());
      while (change((archive, session) -> archive.forget(session, before)) > 0) {
        LOG.log(Level.DEBUG, "forgot tasks that ended before " + before);
      }
      Set<String> unknown =
          new LinkedHashSet<>(
              read((archive, session) -> archive.oldestDue(session, System.currentTimeMillis()))
                  .keySet());
      unknown.removeAll(definitions.keySet());
      if (!unknown.isEmpty() && options.threads() > 0) {
        LOG.log(
            Level.WARNING,
            "tasks wait under names that nothing is defined for in this process: " + unknown);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.log(Level.WARNING, "the queue could not be tidied; once more in a minute", e);
    }
  }

  /**
   * Picks nothing more, lets what runs end, and closes the database. What still runs near the end
   * of that time is interrupted and will run again. Blocks.
   */
  public void stop(Duration atMost) {
    crew.stop(atMost);
    close();
  }

  private void close() {
    timer.shutdownNow();
    writer.close();
    handOffs.close();
    claim.close();
    database.close();
  }
}
