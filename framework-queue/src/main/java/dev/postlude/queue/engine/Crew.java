package dev.postlude.queue.engine;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.postlude.concurrent.Threads;
import dev.postlude.queue.engine.Inside.Reason;
import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Tables;
import dev.postlude.queue.store.Writer;
import dev.postlude.queue.task.QueueOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The workers of this process, and the scheduler that gives them work. None at all where this
 * process only stores tasks.
 */
final class Crew {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int SUSPECT = 2;
  private static final int MISSED_HEARTBEATS = 4; // fewer the scheduler does not take
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Map<String, Definition> definitions;
  private final Bench bench;
  private final Takeover takeover;
  private final Slots slots;
  private final Picks picks;
  private final @Nullable Scheduler scheduler;
  private final Map<String, Inside> running = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** Shared by all, and had alone by a task that is suspected of killing its process. */
  private final ReentrantReadWriteLock room = new ReentrantReadWriteLock(true);

  Crew(
      Database database,
      Tables tables,
      QueueOptions options,
      Map<String, Definition> definitions,
      Writer writer,
      Attempts attempts,
      String node,
      ScheduledExecutorService timer,
      Counters counters,
      HandOffs handOffs) {
    this.definitions = definitions;
    this.bench = new Bench(writer, attempts, node, timer, counters, handOffs, this::wake);
    this.takeover = new Takeover(attempts, definitions);
    this.slots = new Slots(definitions.values(), options.threads());
    this.picks = new Picks(writer, attempts, slots, node);
    this.scheduler = options.threads() == 0 ? null : scheduler(database, tables, options, node);
  }

  private Scheduler scheduler(Database database, Tables tables, QueueOptions options, String node) {
    List<Task<?>> known = new ArrayList<>();
    for (String name : definitions.keySet()) {
      known.add(new KnownTask(name, this::run, this::takeOver));
    }
    return Scheduler.create(database.connections(), known)
        .tableName(tables.due())
        .schedulerName(new SchedulerName.Fixed(node))
        .serializer(new NoData())
        .jdbcCustomization(picks)
        .threads(options.threads())
        .executorService(
            new Wakeful(Threads.workers("postlude-queue-", options.threads()), this::wake))
        .dueExecutor(Executors.newSingleThreadExecutor(daemons("postlude-queue-picks")))
        .housekeeperExecutor(
            Executors.newScheduledThreadPool(2, daemons("postlude-queue-heartbeats")))
        // As many as there are threads, and never more: what is picked begins at once, and only
        // what has begun has heartbeats.
        .pollUsingLockAndFetch(0.5, 1.0)
        .pollingInterval(options.pollEvery())
        .heartbeatInterval(options.heartbeat())
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .deleteUnresolvedAfter(FOREVER)
        .shutdownMaxWait(Duration.ofSeconds(1))
        .build();
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(null, task, name, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  void start() {
    if (scheduler != null) {
      scheduler.start();
    }
  }

  /** Where answers are taken down. */
  Hearing hearing(Archive archive) {
    return new Hearing(bench, archive);
  }

  /** Has the scheduler look for tasks now. Never blocks. */
  void wake() {
    if (scheduler != null) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  void wakeAt(long millis) {
    bench.wakeAt(millis);
  }

  int running() {
    return running.size();
  }

  /** Interrupts a task to call it off; false when it does not run here. */
  boolean cancel(String id) {
    Inside inside = running.get(id);
    if (inside != null) {
      inside.interrupt(Reason.CANCEL);
    }
    return inside != null;
  }

  /** Interrupts what was called off in another process. Does not wait. */
  void heed() {
    if (!running.isEmpty()) {
      bench
          .writer()
          .submit(false, session -> bench.attempts().calledOff(session, bench.node()))
          .thenAccept(ids -> ids.forEach(this::cancel));
    }
  }

  private void run(Picked picked) {
    Inside inside = new Inside(picked);
    running.put(picked.id(), inside);
    try {
      Lock door = picked.crashes() >= SUSPECT ? room.writeLock() : room.readLock();
      if (stopping || !enter(door, inside)) {
        bench.settled(
            session -> bench.attempts().putBack(session, picked, System.currentTimeMillis()));
        return;
      }
      try {
        Definition definition = definitions.get(picked.name());
        if (definition != null) {
          new AttemptRun(bench, definition, inside).run();
        }
      } finally {
        door.unlock();
      }
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR,
          "what became of "
              + Errors.title(picked)
              + " could not be written down: it will be run again",
          e);
    } finally {
      running.remove(picked.id(), inside);
      slots.free(picked.name());
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Waits until the task may run; false when it is interrupted meanwhile. */
  private static boolean enter(Lock door, Inside inside) {
    if (!inside.enter()) {
      return false;
    }
    try {
      door.lockInterruptibly();
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      inside.leave();
    }
  }

  private void takeOver(Picked picked) {
    Inside inside = running.get(picked.id());
    if (inside != null && inside.picked().version() == picked.version()) {
      return; // heartbeats are late, as after a sleep of the machine, but it is we who are alive
    }
    bench.settled(session -> takeover.take(session, picked, System.currentTimeMillis()));
    wake();
  }

  /** Picks nothing more, and waits; interrupts what still runs near the end of that time. */
  void stop(Duration atMost) {
    stopping = true;
    picks.stop();
    Duration fifth = atMost.dividedBy(5);
    Duration grace = fifth.compareTo(GRACE) < 0 ? fifth : GRACE;
    await(atMost.minus(grace));
    if (!running.isEmpty()) {
      running.values().forEach(each -> each.interrupt(Reason.SHUTDOWN));
      await(grace);
    }
    for (Inside each : running.values()) {
      LOG.log(
          Level.WARNING,
          Errors.title(each.picked()) + " does not heed its interruption; it will run again");
      try {
        bench.settled(
            session ->
                bench.attempts().putBack(session, each.picked(), System.currentTimeMillis()));
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, Errors.title(each.picked()) + " could not be put back", e);
      }
    }
    if (scheduler != null) {
      scheduler.stop();
    }
  }

  private synchronized void await(Duration atMost) {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost); // saturates
    try {
      for (long left = end - System.nanoTime();
          left > 0 && !running.isEmpty();
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us is in a hurry
    }
  }
}
