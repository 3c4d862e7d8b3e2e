package dev.postlude.queue.task;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a queue works. An immutable value: every change is a copy. */
public final class QueueOptions {
  private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,30}");
  private static final QueueOptions DEFAULTS =
      new QueueOptions(
          16,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofDays(7),
          "postlude_",
          null);

  private final int threads;
  private final Duration pollEvery;
  private final Duration hold;
  private final Duration heartbeat;
  private final Duration keepFinished;
  private final String tablePrefix;
  private final @Nullable String node;

  private QueueOptions(
      int threads,
      Duration pollEvery,
      Duration hold,
      Duration heartbeat,
      Duration keepFinished,
      String tablePrefix,
      @Nullable String node) {
    this.threads = threads;
    this.pollEvery = pollEvery;
    this.hold = hold;
    this.heartbeat = heartbeat;
    this.keepFinished = keepFinished;
    this.tablePrefix = tablePrefix;
    this.node = node;
  }

  /** Returns what is used where nothing else is said. */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns a copy that runs this many tasks at a time; 16 when not said. With 0 this process only
   * stores tasks, and others run them. On RabbitMQ it is what a worker runs of each type, and any
   * other process runs none.
   *
   * @throws IllegalArgumentException if negative
   */
  public QueueOptions threads(int threads) {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads must be 0 (others run the tasks) or more: " + threads);
    }
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  /**
   * Returns a copy that looks this often for tasks that other processes have stored; every second
   * when not said. Those stored in this process start without waiting for it.
   *
   * @throws IllegalArgumentException if shorter than 10 ms
   */
  public QueueOptions pollEvery(Duration pollEvery) {
    atLeast(Duration.ofMillis(10), pollEvery, "pollEvery");
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  /**
   * Returns a copy in which a task whose process died before its response was written runs after
   * this long; 30 seconds when not said.
   *
   * @throws IllegalArgumentException if shorter than 100 ms
   */
  public QueueOptions hold(Duration hold) {
    atLeast(Duration.ofMillis(100), hold, "hold");
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  /**
   * Returns a copy that tells the others this often that it is alive; every five seconds when not
   * said. After four times this the tasks of a process that is silent are taken over by others.
   *
   * @throws IllegalArgumentException if shorter than 100 ms
   */
  public QueueOptions heartbeat(Duration heartbeat) {
    atLeast(Duration.ofMillis(100), heartbeat, "heartbeat");
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  /**
   * Returns a copy that forgets succeeded and cancelled tasks after this long; seven days when not
   * said. The dead are kept.
   *
   * @throws IllegalArgumentException if shorter than a second
   */
  public QueueOptions keepFinished(Duration keepFinished) {
    atLeast(Duration.ofSeconds(1), keepFinished, "keepFinished");
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  /**
   * Returns a copy whose tables begin with this; {@code postlude_} when not said. On PostgreSQL the
   * connection's {@code search_path} says in which schema they are.
   *
   * @throws IllegalArgumentException unless made of up to 31 small letters, digits and underscores
   */
  public QueueOptions tablePrefix(String prefix) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "A table prefix is made of up to 31 small letters, digits and underscores: " + prefix);
    }
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, prefix, node);
  }

  /**
   * Returns a copy under a name of its own, the same after each restart and never that of another
   * running process: what it was doing when it died is then resumed as soon as it is back, without
   * waiting for silence to be noticed. For PostgreSQL; on SQLite lock files know better.
   *
   * @throws IllegalArgumentException if blank or longer than 50 characters
   */
  public QueueOptions node(String node) {
    Objects.requireNonNull(node, "node");
    if (node.isBlank() || node.length() > 50) {
      throw new IllegalArgumentException("A node's name has 1 to 50 characters: " + node);
    }
    return new QueueOptions(threads, pollEvery, hold, heartbeat, keepFinished, tablePrefix, node);
  }

  public int threads() {
    return threads;
  }

  public Duration pollEvery() {
    return pollEvery;
  }

  public Duration hold() {
    return hold;
  }

  public Duration heartbeat() {
    return heartbeat;
  }

  public Duration keepFinished() {
    return keepFinished;
  }

  public String tablePrefix() {
    return tablePrefix;
  }

  /** Returns the name of this process; null when one is made up. */
  public @Nullable String node() {
    return node;
  }

  private static void atLeast(Duration least, Duration given, String what) {
    Objects.requireNonNull(given, what);
    if (given.compareTo(least) < 0) {
      throw new IllegalArgumentException(what + " must be " + least + " or more: " + given);
    }
  }
}
