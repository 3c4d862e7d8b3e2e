package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Retry;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that another system does. */
class HandOffTest {
  @TempDir Path folder;

  /** A system that refuses some publications and then says what it is told to say. */
  private static final class Elsewhere implements HandOff {
    final BlockingQueue<Envelope> published = Bells.notes();
    final BlockingQueue<ForeignStatus> answers = Bells.notes();
    final AtomicInteger refusals;
    final AtomicBoolean closed = new AtomicBoolean();

    Elsewhere(int refusals) {
      this.refusals = new AtomicInteger(refusals);
    }

    @Override
    public String system() {
      return "elsewhere";
    }

    @Override
    public String publish(Envelope task) throws IOException {
      if (refusals.getAndDecrement() > 0) {
        throw new IOException("312 NO_ROUTE");
      }
      published.add(task);
      return "foreign-" + task.payload();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      assertThat(foreignId).isEqualTo("foreign-7");
      ForeignStatus answer = answers.poll();
      return answer == null ? ForeignStatus.pending() : answer;
    }

    @Override
    public Duration askEvery() {
      return Duration.ofMillis(5);
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private TaskPolicy patient() {
    return TaskPolicy.defaults().retry(Retry.times(5));
  }

  @Test
  void aTaskIsPublishedUntilItIsTakenAndItsResultReadBack() throws Exception {
    Elsewhere elsewhere = new Elsewhere(2);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere, patient());
      queue.start();

      String id = Bells.value(type.enqueue(7));

      Envelope envelope = Bells.next(elsewhere.published);
      assertThat(envelope.id()).isEqualTo(id);
      assertThat(envelope.payload()).isEqualTo("7");
      assertThat(envelope.attempt()).isEqualTo(3);
      TaskRecord handed = Bells.await(queue, id, TaskState.HANDED_OFF);
      assertThat(handed.handedTo()).isEqualTo("elsewhere");
      assertThat(handed.foreignId()).isEqualTo("foreign-7");
      elsewhere.answers.add(ForeignStatus.pending(1, 2, "half"));
      elsewhere.answers.add(ForeignStatus.succeeded("{\"width\":64}"));
      TaskRecord done = Bells.await(queue, id, TaskState.SUCCEEDED);
      assertThat(done.result()).isEqualTo("{\"width\":64}");
      assertThat(done.attempt()).isEqualTo(3);
      assertThat(elsewhere.published).isEmpty();
    }
    assertThat(elsewhere.closed).isTrue();
  }

  @Test
  void whatFailsElsewhereIsDeadHere() throws Exception {
    Elsewhere elsewhere = new Elsewhere(0);
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, elsewhere, patient());
      queue.start();
      elsewhere.answers.add(ForeignStatus.failed("ValueError: not an image"));

      String id = Bells.value(type.enqueue(7));

      assertThat(Bells.await(queue, id, TaskState.DEAD).error())
          .isEqualTo("ValueError: not an image");
    }
  }
}
