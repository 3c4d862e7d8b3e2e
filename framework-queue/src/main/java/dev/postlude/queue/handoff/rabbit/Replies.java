package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpInbox;
import dev.postlude.queue.handoff.broker.AmqpInbox.Subscription;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outbox's ear: takes what workers say to the store, and settles it once it is there. What
 * RabbitMQ has given up lies in one queue for all outboxes, and is passed on to the one that it
 * belongs to.
 */
final class Replies {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final int AT_A_TIME = 256;
  private static final int THREADS = 16; // so that a commit of the store is shared
  private static final long SOON = 50; // milliseconds
  private static final long LATER = 1_000;

  private final AmqpLink link;
  private final RabbitNames names;
  private final AmqpPublisher publisher;
  private @Nullable Ear ear; // guarded by this

  Replies(AmqpLink link, RabbitNames names, AmqpPublisher publisher) {
    this.link = link;
    this.names = names;
    this.publisher = publisher;
  }

  /** Begins to listen, unless it does already, for all types together; returns where. */
  synchronized AmqpQueue start(String outbox, Answers answers) {
    AmqpQueue own = names.replies(outbox);
    if (ear == null) {
      ear = new Ear(link, own, names.dead(), answers, publisher);
    }
    return own;
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
    private final AmqpPublisher publisher;
    private final ExecutorService workers =
        Executors.newFixedThreadPool(THREADS, Daemons.named("postlude-rabbit-replies"));
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Daemons.named("postlude-rabbit-timer"));
    private final AmqpInbox inbox;

    Ear(
        AmqpLink link,
        AmqpQueue replies,
        AmqpQueue dead,
        Answers answers,
        AmqpPublisher publisher) {
      this.answers = answers;
      this.publisher = publisher;
      this.inbox =
          new AmqpInbox(
              link,
              List.of(replies, dead),
              List.of(
                  new Subscription(replies, AT_A_TIME, reply -> hear(reply, this::take)),
                  new Subscription(dead, AT_A_TIME, letter -> hear(letter, this::passOn))));
      inbox.start();
    }

    /** What is done with a message; false when it is too early for that. */
    @FunctionalInterface
    private interface Treatment {
      boolean done(AmqpDelivery delivery) throws Exception;
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
        LOG.log(Level.ERROR, "A reply is dropped that no worker of ours has written", e);
        delivery.ack();
        return;
      } catch (Exception e) {
        LOG.log(Level.WARNING, "A reply could not be stored; once more in a second", e);
        wait = LATER;
      }
      timer.schedule(() -> hear(delivery, treatment), wait, TimeUnit.MILLISECONDS);
    }

    private boolean take(AmqpDelivery delivery) throws Exception {
      return answers.take(
          delivery.correlationId(), delivery.number(Job.ATTEMPT), Reply.read(delivery.body()));
    }

    private boolean passOn(AmqpDelivery delivery) throws Exception {
      Job job = Job.read(delivery);
      String replyTo = job.replyTo();
      if (replyTo != null) {
        ForeignStatus givenUp =
            ForeignStatus.failed(
                "RabbitMQ has given it up: "
                    + delivery.header("x-first-death-reason")
                    + " in "
                    + delivery.header("x-first-death-queue"));
        publisher.publish(Reply.to(replyTo, job.id(), job.attempt(), givenUp));
      }
      return true;
    }

    void close() {
      inbox.close();
      timer.shutdownNow();
      workers.shutdownNow();
    }
  }
}
