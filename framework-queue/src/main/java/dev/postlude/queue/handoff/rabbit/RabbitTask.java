package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import java.time.Duration;

/** The way to workers of ours; see {@link RabbitWorkers#handle}. Thread-safe. */
public final class RabbitTask implements HandOff {
  private final RabbitNames names;
  private final String type;
  private final AmqpPublisher publisher;
  private final Replies replies;

  RabbitTask(RabbitNames names, String type, AmqpPublisher publisher, Replies replies) {
    this.names = names;
    this.type = type;
    this.publisher = publisher;
    this.replies = replies;
  }

  @Override
  public String system() {
    return "rabbitmq";
  }

  @Override
  public void start(Answers answers) {
    replies.start(answers);
  }

  @Override
  public String publish(Envelope task) throws Exception {
    publisher.publish(Job.of(task, names.replies().name()).to(names.tasks(type).name()));
    return task.id();
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
    return "rabbitmq:" + names.tasks(type).name();
  }
}
