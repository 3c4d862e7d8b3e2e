package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpInbox;
import dev.postlude.queue.handoff.broker.AmqpInbox.Subscription;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import dev.postlude.queue.handoff.broker.NoSuchQueueException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workers of one process, from start to stop. Used once. */
final class Workshop {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration SETTLING = Duration.ofSeconds(10);
  private static final long REPLY_AGAIN = 500; // milliseconds
  private static final int TRIES = 3;
  private static final String SUSPECT = "suspect ";
  private static final long DOOR = 100; // milliseconds

  private final RabbitNames names;
  private final AmqpPublisher publisher;
  private final AmqpInbox inbox;
  private final ExecutorService threads;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Daemons.named("postlude-rabbit-timer"));
  private final Map<String, Grip> running = new ConcurrentHashMap<>();
  private final Answered answered = new Answered();
  private volatile boolean stopping;

  /** Shared by all, and had alone by a suspect. */
  private final ReentrantReadWriteLock room = new ReentrantReadWriteLock(true);

  Workshop(AmqpLink link, RabbitNames names, Collection<Trade> trades) {
    this.names = names;
    List<AmqpQueue> queues = new ArrayList<>(List.of(names.dead()));
    List<Subscription> subscriptions = new ArrayList<>();
    int most = 0;
    for (Trade trade : trades) {
      AmqpQueue tasks = names.tasks(trade.type());
      AmqpQueue suspects = names.suspects(trade.type());
      queues.addAll(List.of(tasks, suspects));
      subscriptions.add(
          new Subscription(tasks, trade.threads(), delivery -> take(trade, delivery, false)));
      subscriptions.add(new Subscription(suspects, 1, delivery -> take(trade, delivery, true)));
      most += trade.threads() + 1;
    }
    this.threads =
        Executors.newFixedThreadPool(Math.max(1, most), Daemons.named("postlude-rabbit-worker"));
    this.publisher = new AmqpPublisher(link, queues);
    this.inbox = new AmqpInbox(link, queues, subscriptions);
    inbox.hear(names.cancelled(), this::cancel);
  }

  void start() {
    inbox.start();
    connect();
  }

  /** Has the way back ready before it is needed: at the end of a stop there is little time. */
  private void connect() {
    Daemons.named("postlude-rabbit-connect")
        .newThread(
            () -> {
              try {
                publisher.connect();
              } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> "nothing can be told now: " + e.getMessage());
              }
            })
        .start();
  }

  /** Interrupts a publication that was called off, or has it dropped when it comes. */
  private void cancel(String mark) {
    answered.add(mark);
    for (String key : List.of(mark, SUSPECT + mark)) {
      Grip grip = running.get(key);
      if (grip != null) {
        grip.turn().interrupt(Turn.Reason.CANCEL);
      }
    }
  }

  /** Takes a delivery, on the connection's thread. */
  private void take(Trade trade, AmqpDelivery delivery, boolean suspect) {
    Job job = Job.read(delivery);
    // What has just been moved to the suspects may be back before we have let it go here.
    String key = (suspect ? SUSPECT : "") + job.mark();
    Grip fresh = new Grip(delivery);
    for (Grip earlier = running.putIfAbsent(key, fresh);
        earlier != null;
        earlier = running.putIfAbsent(key, fresh)) {
      if (earlier.change(delivery)) {
        return; // the connection was lost, but not we
      }
      running.remove(key, earlier);
    }
    threads.execute(
        () -> {
          try {
            treat(trade, job, fresh, suspect);
          } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "interrupted: " + job + " will be delivered again");
          } catch (RuntimeException | Error e) { // or it would be kept, and its place, for ever
            fresh.open().requeue();
            LOG.log(Level.ERROR, job + " could not be treated: it will be delivered again", e);
          } finally {
            fresh.open();
            running.remove(key, fresh);
            synchronized (this) {
              notifyAll();
            }
          }
        });
  }

  private void treat(Trade trade, Job job, Grip grip, boolean suspect) throws InterruptedException {
    AmqpDelivery delivery = grip.delivery();
    if (answered.contains(job.mark())) {
      grip.open().ack(); // only our settling it was lost
      return;
    }
    int lost = job.crashes() + delivery.earlierDeliveries();
    int most = trade.policy().maxCrashes();
    if (lost >= most && (suspect || most == 1)) {
      settle(job, grip, ForeignStatus.failed("its worker died " + lost + " times while it ran"));
    } else if (!suspect && lost > 0 && lost >= trade.suspectAfter()) {
      LOG.log(Level.WARNING, job + " has lost its process " + lost + " times: to be run alone");
      Job moved = job.withCrashes(trade.suspectAfter());
      if (published(job, moved.to(names.suspects(trade.type()).name()))) {
        grip.open().ack();
      }
    } else {
      work(trade, job, grip, lost, suspect ? room.writeLock() : room.readLock());
    }
  }

  private void work(Trade trade, Job job, Grip grip, int lost, Lock door)
      throws InterruptedException {
    boolean inside = false;
    while (!stopping && !inside) {
      inside = door.tryLock(DOOR, TimeUnit.MILLISECONDS);
    }
    ForeignStatus end = null;
    try {
      if (!stopping && grip.delivery().isCurrent()) {
        Future<?> deadline = deadline(trade, grip.turn());
        try {
          end = trade.done(job, lost, grip.turn(), new RabbitProgress(job, publisher));
        } finally {
          if (deadline != null) {
            deadline.cancel(false);
          }
        }
      }
    } finally {
      if (inside) {
        door.unlock();
      }
    }
    if (end != null) {
      settle(job, grip, end);
    } else if (grip.turn().reason() == Turn.Reason.CANCEL) {
      grip.open().ack(); // nobody wants to know
    } else if (stopping) {
      putBack(trade, job, grip, lost);
    }
  }

  private @Nullable Future<?> deadline(Trade trade, Turn turn) {
    Duration timeout = trade.policy().timeout();
    return timeout == null
        ? null
        : timer.schedule(
            () -> turn.interrupt(Turn.Reason.TIMEOUT),
            TimeUnit.NANOSECONDS.convert(timeout), // saturates
            TimeUnit.NANOSECONDS);
  }

  /** Says what became of it, and settles it once RabbitMQ has that. */
  private void settle(Job job, Grip grip, ForeignStatus end) throws InterruptedException {
    String replyTo = job.replyTo();
    if (replyTo == null || published(job, Reply.to(replyTo, job.id(), job.attempt(), end))) {
      answered.add(job.mark());
      grip.open().ack();
    }
  }

  /** Gives an attempt back that a shutdown cut off: as a new message, so that it is no crash. */
  private void putBack(Trade trade, Job job, Grip grip, int lost) throws InterruptedException {
    AmqpMessage again = job.withCrashes(lost).to(names.tasks(trade.type()).name());
    for (int tries = 0; tries < TRIES; tries++) { // the first may find that the connection is gone
      try {
        publisher.publish(again);
        grip.open().ack();
        return;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, () -> job + " cannot be given back now: " + e.getMessage());
      }
    }
    grip.open().requeue();
  }

  /** Publishes, however long it takes; false when the worker stops meanwhile. */
  private boolean published(Job job, AmqpMessage message) throws InterruptedException {
    while (true) {
      try {
        publisher.publish(message);
        return true;
      } catch (NoSuchQueueException e) {
        declare(message.queue());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "What became of " + job + " cannot be told now: " + e.getMessage());
      }
      if (stopping) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(REPLY_AGAIN);
    }
  }

  /** Makes a queue for replies again that was removed: its outbox may be back one day. */
  private void declare(String queue) {
    try {
      publisher.declare(new AmqpQueue(queue, ""));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "There is no queue " + queue + ": " + e.getMessage());
    }
  }

  /** Takes nothing more, waits for what runs, and interrupts it near the end of that time. */
  void stop(Duration atMost) {
    stopping = true;
    inbox.pause();
    connect();
    Duration half = atMost.dividedBy(2);
    Duration grace = half.compareTo(GRACE) < 0 ? half : GRACE;
    await(atMost.minus(grace), grip -> true);
    running.values().forEach(grip -> grip.turn().interrupt(Turn.Reason.SHUTDOWN));
    await(grace, grip -> true);
    // Whose handler has ended is waiting for RabbitMQ to confirm that: to leave now would count as
    // a crash.
    await(SETTLING, grip -> grip.turn().isOver());
    if (!running.isEmpty()) {
      LOG.log(
          Level.WARNING,
          running.size() + " tasks do not heed their interruption; they will run again");
    }
    inbox.close();
    publisher.close();
    timer.shutdownNow();
    threads.shutdownNow();
  }

  private synchronized void await(Duration atMost, Predicate<Grip> waitedFor) {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost); // saturates
    try {
      for (long left = end - System.nanoTime();
          left > 0 && running.values().stream().anyMatch(waitedFor);
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us is in a hurry
    }
  }
}
