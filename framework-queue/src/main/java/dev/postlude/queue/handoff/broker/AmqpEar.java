package dev.postlude.queue.handoff.broker;

import dev.postlude.queue.handoff.broker.AmqpInbox.Subscription;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Listens on queues of our own until it is closed: what comes is treated, again and again if need
 * be, and settled once that is done.
 */
public final class AmqpEar implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int AT_A_TIME = 256;
  private static final int THREADS = 16; // so that a commit of the store is shared
  private static final long SOON = 50; // milliseconds
  private static final long LATER = 1_000;

  private final ExecutorService workers =
      Executors.newFixedThreadPool(THREADS, daemons("postlude-amqp-replies"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(daemons("postlude-amqp-timer"));
  private final AmqpInbox inbox;

  /** What is done with a message of a queue. Called on threads of the ear, and may block. */
  @FunctionalInterface
  public interface Treatment {
    /**
     * Does it.
     *
     * @return false when it is too early for that
     * @throws IllegalArgumentException when it can never be done: the message is dropped
     * @throws Exception when it cannot be done now
     */
    boolean done(AmqpDelivery delivery) throws Exception;
  }

  /** Begins to listen. Does not wait for the server. */
  public AmqpEar(AmqpLink link, Map<AmqpQueue, Treatment> queues) {
    List<Subscription> subscriptions = new ArrayList<>();
    queues.forEach(
        (queue, treatment) ->
            subscriptions.add(
                new Subscription(queue, AT_A_TIME, delivery -> hear(delivery, treatment))));
    this.inbox = new AmqpInbox(link, List.copyOf(queues.keySet()), subscriptions);
    inbox.start();
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(null, task, name, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  private void hear(AmqpDelivery delivery, Treatment treatment) {
    workers.execute(() -> treat(delivery, treatment));
  }

  private void treat(AmqpDelivery delivery, Treatment treatment) {
    if (!delivery.isCurrent()) {
      return; // it comes again
    }
    long wait;
    try {
      if (treatment.done(delivery)) {
        delivery.ack();
        return;
      }
      wait = SOON;
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "A reply is dropped that nobody can read", e);
      delivery.ack();
      return;
    } catch (Exception e) {
      LOG.log(Level.WARNING, "A reply could not be stored; once more in a second", e);
      wait = LATER;
    }
    timer.schedule(() -> hear(delivery, treatment), wait, TimeUnit.MILLISECONDS);
  }

  /** Closes the connection; what was not treated comes again, when somebody listens. */
  @Override
  public void close() {
    inbox.close();
    timer.shutdownNow();
    workers.shutdownNow();
  }
}
