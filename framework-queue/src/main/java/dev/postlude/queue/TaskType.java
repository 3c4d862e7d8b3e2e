package dev.postlude.queue;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.StoredTask;
import dev.postlude.background.TaskDirectory;
import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.queue.engine.Engine;
import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.store.Intake.Reception;
import dev.postlude.queue.store.Moments;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A type of tasks, which makes tasks out of payloads. An immutable value; safe for any thread.
 *
 * @param <T> the payload: a record, or whatever can be written and read as JSON
 */
public final class TaskType<T> {
  private static final int MOST_PAYLOAD = 1 << 20;

  private final Supplier<Engine> engine;
  private final TaskDirectory directory;
  private final String name;
  private final Duration delay;

  TaskType(Supplier<Engine> engine, TaskDirectory directory, String name, Duration delay) {
    this.engine = engine;
    this.directory = directory;
    this.name = name;
    this.delay = delay;
  }

  /** What its tasks are known by. */
  public String name() {
    return name;
  }

  /**
   * Returns a copy whose tasks wait this long before they run, from when they are stored or
   * released.
   *
   * @throws IllegalArgumentException if negative
   */
  public TaskType<T> after(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("A delay must be zero or more: " + delay);
    }
    return new TaskType<>(engine, directory, name, delay);
  }

  /**
   * A task for a response, which is written when the task is on disk: with {@code
   * Response.accepted} a 202, or a 503 when it cannot be stored. Runs once the response is written,
   * or its client is gone.
   *
   * @throws IllegalArgumentException when the payload cannot be written as JSON, or takes more than
   *     a megabyte
   */
  public BackgroundTask with(T payload) {
    return with(payload, TaskIds.fresh(), null);
  }

  /**
   * A task for a response that is stored once only under this key, in general an {@code
   * Idempotency-Key} with something before it that says whose it is. The same key with the same
   * payload leads to the task that is there already, and with another payload to a 422.
   *
   * @throws HttpException 400 when the key is empty, longer than 500 characters, or not made of
   *     whole characters
   */
  public BackgroundTask with(T payload, String key) {
    return with(payload, TaskIds.of(name, key), key);
  }

  /** The same where there may be a key, as in {@code request.header("Idempotency-Key")}. */
  public BackgroundTask with(T payload, Optional<String> key) {
    return key.isPresent() ? with(payload, key.get()) : with(payload);
  }

  private BackgroundTask with(T payload, String id, @Nullable String key) {
    String json = json(payload);
    return BackgroundTask.stored(name, id, directory, context -> held(arrival(id, json, key)));
  }

  private CompletionStage<StoredTask> held(Arrival arrival) {
    Engine at = engine.get();
    return at.hold(arrival)
        .thenApply(
            reception -> {
              checked(reception);
              return reception == Reception.STORED
                  ? new HeldTask(at, arrival, delay)
                  : KNOWN_ALREADY;
            });
  }

  /** A task that this response has stored. */
  private record HeldTask(Engine engine, Arrival arrival, Duration delay) implements StoredTask {
    @Override
    public CompletionStage<?> release() {
      return engine.release(arrival, Moments.after(System.currentTimeMillis(), delay));
    }

    @Override
    public void revoke() {
      engine.revoke(arrival);
    }
  }

  /** A task that an earlier response has stored, which alone lets it go. */
  private static final StoredTask KNOWN_ALREADY =
      new StoredTask() {
        @Override
        public CompletionStage<?> release() {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public void revoke() {}
      };

  /**
   * Stores a task outside of any response. Does not block. What is hung on the stage runs on
   * threads for such things, of which there may be no more than four.
   *
   * @return its id, when it is on disk; or why it is not
   * @throws IllegalArgumentException when the payload cannot be written as JSON, or takes more than
   *     a megabyte
   */
  public CompletionStage<String> enqueue(T payload) {
    return enqueued(arrival(TaskIds.fresh(), json(payload), null));
  }

  /**
   * Stores a task once only under this key; fails with an {@link HttpException} of 422 when there
   * is one with another payload.
   *
   * @throws HttpException 400 when the key is none, as in {@link #with(Object, String)}
   */
  public CompletionStage<String> enqueue(T payload, String key) {
    return enqueued(arrival(TaskIds.of(name, key), json(payload), key));
  }

  private CompletionStage<String> enqueued(Arrival arrival) {
    return engine
        .get()
        .enqueue(arrival)
        .thenApply(
            reception -> {
              checked(reception);
              return arrival.id();
            });
  }

  /**
   * Stores tasks in a transaction of the app's own: they are there when it is committed, together
   * with all else that it changes, and never were when it is rolled back.
   *
   * @param connection to the database of the queue, with auto-commit off
   */
  public InTransaction<T> in(Connection connection) {
    return new InTransaction<>(this, connection);
  }

  /**
   * A transaction that tasks are stored in. For the thread that has the connection; blocks.
   *
   * @param <T> the payload
   */
  public static final class InTransaction<T> {
    private final TaskType<T> type;
    private final Connection connection;

    private InTransaction(TaskType<T> type, Connection connection) {
      this.type = type;
      this.connection = Objects.requireNonNull(connection, "connection");
    }

    /** Stores a task and returns its id. It runs within a second of the commit. */
    public String enqueue(T payload) throws SQLException {
      return stored(type.arrival(TaskIds.fresh(), json(payload), null));
    }

    /**
     * Stores a task once only under this key.
     *
     * @throws HttpException 422 when there is one with another payload; 400 when the key is none
     */
    public String enqueue(T payload, String key) throws SQLException {
      return stored(type.arrival(TaskIds.of(type.name, key), json(payload), key));
    }

    private String stored(Arrival arrival) throws SQLException {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "in(connection) needs a transaction: connection.setAutoCommit(false).");
      }
      checked(type.engine.get().enqueue(arrival, connection));
      return arrival.id();
    }
  }

  private Arrival arrival(String id, String json, @Nullable String key) {
    long now = System.currentTimeMillis();
    return new Arrival(id, name, json, key, now, Moments.after(now, delay));
  }

  private static void checked(Reception reception) {
    if (reception == Reception.DIFFERENT) {
      throw new HttpException(422, "this idempotency key was used for another request before");
    }
  }

  private static String json(Object payload) {
    byte[] json = Json.write(Objects.requireNonNull(payload, "A task needs a payload."));
    if (json.length > MOST_PAYLOAD) {
      throw new IllegalArgumentException(
          "A payload has at most a megabyte, not "
              + json.length
              + " bytes: store it elsewhere and say where.");
    }
    return new String(json, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "TaskType[" + name + "]";
  }
}
