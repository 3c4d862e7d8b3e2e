package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpDelivery;
import dev.postlude.queue.handoff.broker.AmqpEar;
import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Celery's workers send back over RabbitMQ, with their {@code result_backend="rpc://"}: a
 * message for each state, to the queue that the task names. The queue is the outbox's and durable,
 * so that what comes while nobody listens is not lost.
 */
final class CeleryReplies {
  private static final int ANY_ATTEMPT = 0;

  private final AmqpLink link;
  private final List<AmqpQueue> own;
  private @Nullable AmqpEar ear; // guarded by this
  private volatile @Nullable String address;

  /**
   * Listens to nobody yet.
   *
   * @param own where the queue is added, so that it is declared before a task names it
   */
  CeleryReplies(AmqpLink link, List<AmqpQueue> own) {
    this.link = link;
    this.own = own;
  }

  /** Begins to listen, unless it does already: for all tasks of this Celery together. */
  synchronized void start(String outbox, Answers answers) {
    if (ear == null) {
      AmqpQueue queue = new AmqpQueue("postlude.celery." + outbox, "");
      if (!own.contains(queue)) {
        own.add(queue);
      }
      address = queue.name();
      ear = new AmqpEar(link, Map.of(queue, reply -> take(reply, answers)));
    }
  }

  /** The queue to name in tasks; null before the start. */
  @Nullable String address() {
    return address;
  }

  private static boolean take(AmqpDelivery reply, Answers answers) throws Exception {
    ForeignStatus said = CeleryResult.read(reply.body());
    return answers.take(reply.correlationId(), ANY_ATTEMPT, said);
  }

  synchronized void close() {
    if (ear != null) {
      ear.close();
      ear = null;
    }
  }
}
