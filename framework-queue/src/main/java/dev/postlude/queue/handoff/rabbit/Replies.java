package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpInbox;
import dev.postlude.queue.handoff.broker.AmqpInbox.Subscription;
import dev.postlude.queue.handoff.broker.AmqpLink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The outbox's ear: takes what workers say, and what RabbitMQ has given up, to the store, and
 * settles it once it is there.
 */
final class Replies {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int AT_A_TIME = 256;
  private static final int THREADS = 16; // so that a commit of the store is shared
  private static final long SOON = 50; // milliseconds
  private static final long LATER = 1_000;

  private final AmqpLink link;
  private final RabbitNames names;
  private @Nullable Ear ear; // guarded by this

  Replies(AmqpLink link, RabbitNames names) {
    this.link = link;
    this.names = names;
  }

  /** Begins to listen, unless it does already: for all types together. */
  synchronized void start(Answers answers) {
    if (ear == null) {
      ear = new Ear(link, names, answers);
    }
  }

  synchronized void close() {
    if (ear != null) {
      ear.close();
      ear = null;
    }
  }

  /** Listens until it is closed. */
  private static final class Ear {
    private final Answers answers;
    private final ExecutorService workers =
        Executors.newFixedThreadPool(THREADS, Daemons.named("postlude-rabbit-replies"));
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Daemons.named("postlude-rabbit-timer"));
    private final AmqpInbox inbox;

    Ear(AmqpLink link, RabbitNames names, Answers answers) {
      this.answers = answers;
      this.inbox =
          new AmqpInbox(
              link,
              List.of(names.replies(), names.dead()),
              List.of(
                  new Subscription(names.replies(), AT_A_TIME, said -> hear(said, Ear::fromWorker)),
                  new Subscription(names.dead(), AT_A_TIME, said -> hear(said, Ear::givenUp))));
      inbox.start();
    }

    private void hear(AmqpDelivery delivery, Function<AmqpDelivery, ForeignStatus> reading) {
      workers.execute(() -> take(delivery, reading));
    }

    private void take(AmqpDelivery delivery, Function<AmqpDelivery, ForeignStatus> reading) {
      if (!delivery.isCurrent()) {
        return; // it comes again
      }
      long wait;
      try {
        if (answers.take(
            delivery.correlationId(), delivery.number(Job.ATTEMPT), reading.apply(delivery))) {
          delivery.ack();
          return;
        }
        wait = SOON;
      } catch (IllegalArgumentException e) {
        LOG.log(Level.ERROR, "A reply is dropped that no worker of ours has written", e);
        delivery.ack();
        return;
      } catch (Exception e) {
        LOG.log(Level.WARNING, "A reply could not be stored; once more in a second", e);
        wait = LATER;
      }
      timer.schedule(() -> hear(delivery, reading), wait, TimeUnit.MILLISECONDS);
    }

    private static ForeignStatus fromWorker(AmqpDelivery delivery) {
      return Reply.read(delivery.body());
    }

    private static ForeignStatus givenUp(AmqpDelivery delivery) {
      return ForeignStatus.failed(
          "RabbitMQ has given it up: "
              + delivery.header("x-first-death-reason")
              + " in "
              + delivery.header("x-first-death-queue"));
    }

    void close() {
      inbox.close();
      timer.shutdownNow();
      workers.shutdownNow();
    }
  }
}
