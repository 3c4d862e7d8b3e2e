package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The way to workers of ours; see {@link RabbitWorkers#handle}. Thread-safe. */
public final class RabbitTask implements HandOff {
  private final String queue;
  private final String cancelled;
  private final List<AmqpQueue> own;
  private final AmqpPublisher publisher;
  private final Replies replies;
  private volatile @Nullable String replyTo;

  RabbitTask(
      String queue,
      String cancelled,
      List<AmqpQueue> own,
      AmqpPublisher publisher,
      Replies replies) {
    this.queue = queue;
    this.cancelled = cancelled;
    this.own = own;
    this.publisher = publisher;
    this.replies = replies;
  }

  @Override
  public String system() {
    return "rabbitmq";
  }

  @Override
  public void start(String outbox, Answers answers) {
    AmqpQueue heard = replies.start(outbox, answers);
    if (!own.contains(heard)) {
      own.add(heard); // before anything is published, so that each connection declares it
    }
    replyTo = heard.name();
  }

  @Override
  public String publish(Envelope task) throws Exception {
    Job job = Job.of(task, Objects.requireNonNull(replyTo, "not started"));
    publisher.publish(job.to(queue));
    return job.mark();
  }

  @Override
  public boolean canCancel() {
    return true;
  }

  /** Calls off this publication, and not the task, which may be handed over again one day. */
  @Override
  public void cancel(String foreignId) throws Exception {
    publisher.broadcast(cancelled, foreignId);
  }

  /** Knows nothing: workers say it by themselves. */
  @Override
  public ForeignStatus status(String foreignId) {
    return ForeignStatus.pending();
  }

  @Override
  public Duration askEvery() {
    return Duration.ofDays(1); // it is never asked for, but not over either
  }

  @Override
  public void close() {
    replies.close();
    publisher.close();
  }

  @Override
  public String toString() {
    return "rabbitmq:" + queue;
  }
}
