package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.rig.Eventually;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An outbox without a disk: what was published, and what was said of it. */
final class Book implements Answers {
  private final Map<String, ForeignStatus> said = new ConcurrentHashMap<>();
  private final RabbitTask task;

  Book(RabbitTask task) {
    this.task = task;
    task.start("book", this);
  }

  void publish(String id, int number) throws Exception {
    publish(id, number, 1);
  }

  private void publish(String id, int number, int attempt) throws Exception {
    task.publish(
        new Envelope(id, "orders", "{\"number\":" + number + "}", attempt, Instant.now(), null));
  }

  @Override
  public boolean take(String id, int attempt, ForeignStatus status) throws Exception {
    if (status.phase() == Phase.AGAIN) {
      publish(id, Integer.parseInt(id.substring(id.indexOf('#') + 1)), 2);
    }
    said.merge(id, status, (earlier, later) -> ended(earlier) ? earlier : later);
    return true;
  }

  ForeignStatus end(String id) throws Exception {
    return Eventually.get(() -> said.getOrDefault(id, ForeignStatus.pending()), Book::ended);
  }

  ForeignStatus latest(String id) {
    return said.getOrDefault(id, ForeignStatus.pending());
  }

  private static boolean ended(ForeignStatus status) {
    return status.phase() == Phase.SUCCEEDED || status.phase() == Phase.FAILED;
  }
}
