package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.task.TaskRun;
import java.util.concurrent.TimeUnit;

/** Tells the outbox how far a task is, at most once a second, and does not mind when that fails. */
final class RabbitProgress implements TaskRun.ProgressSink {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_TEXT = 500; // characters

  private final Job job;
  private final AmqpPublisher publisher;
  private long next = System.nanoTime(); // guarded by this

  RabbitProgress(Job job, AmqpPublisher publisher) {
    this.job = job;
    this.publisher = publisher;
  }

  @Override
  public void progressed(long done, long total, String message) {
    String replyTo = job.replyTo();
    if (replyTo == null) {
      return;
    }
    synchronized (this) {
      long now = System.nanoTime();
      if (now - next < 0) {
        return;
      }
      next = now + PAUSE;
    }
    String text = message.length() > MOST_TEXT ? message.substring(0, MOST_TEXT) : message;
    publisher.attempt(
        Reply.to(replyTo, job.id(), job.attempt(), ForeignStatus.pending(done, total, text)));
  }
}
