package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpEar;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes what workers say to the store. What RabbitMQ has given up lies in one queue for all
 * outboxes, and is passed on to the one that it belongs to.
 */
final class Replies {
  private final AmqpLink link;
  private final RabbitNames names;
  private final AmqpPublisher publisher;
  private @Nullable AmqpEar ear; // guarded by this

  Replies(AmqpLink link, RabbitNames names, AmqpPublisher publisher) {
    this.link = link;
    this.names = names;
    this.publisher = publisher;
  }

  /** Begins to listen, unless it does already, for all types together; returns where. */
  synchronized AmqpQueue start(String outbox, Answers answers) {
    AmqpQueue own = names.replies(outbox);
    if (ear == null) {
      ear =
          new AmqpEar(link, Map.of(own, reply -> take(reply, answers), names.dead(), this::passOn));
    }
    return own;
  }

  private static boolean take(AmqpDelivery reply, Answers answers) throws Exception {
    return answers.take(reply.correlationId(), reply.number(Job.ATTEMPT), Reply.read(reply.body()));
  }

  private boolean passOn(AmqpDelivery letter) throws Exception {
    Job job = Job.read(letter);
    String replyTo = job.replyTo();
    if (replyTo != null) {
      ForeignStatus givenUp =
          ForeignStatus.failed(
              "RabbitMQ has given it up: "
                  + letter.header("x-first-death-reason")
                  + " in "
                  + letter.header("x-first-death-queue"));
      publisher.publish(Reply.to(replyTo, job.id(), job.attempt(), givenUp));
    }
    return true;
  }

  synchronized void close() {
    if (ear != null) {
      ear.close();
      ear = null;
    }
  }
}
