package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system that says by itself how far tasks are. */
class AnswersTest {
  @TempDir Path folder;

  private static final class Talker implements HandOff {
    final BlockingQueue<Envelope> published = Bells.notes();
    final CountDownLatch gate = new CountDownLatch(1);
    volatile Answers answers;

    @Override
    public String system() {
      return "talker";
    }

    @Override
    public void start(String outbox, Answers answers) {
      this.answers = answers;
    }

    @Override
    public String publish(Envelope task) throws Exception {
      published.add(task);
      assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
      return task.id();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      return ForeignStatus.pending();
    }

    @Override
    public Duration askEvery() {
      return Duration.ofDays(1);
    }
  }

  @Test
  void anAnswerIsTakenOnceTheTaskCountsAsHandedOffAndOnlyForItsAttempt() throws Exception {
    Talker talker = new Talker();
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"));
        LogRecords log = LogRecords.ofTasks()) {
      TaskType<Integer> type = queue.define("thumbnail", Integer.class, talker);
      queue.start();
      String id = Bells.value(type.enqueue(7));
      assertThat(Bells.next(talker.published).attempt()).isEqualTo(1);

      ForeignStatus again = ForeignStatus.again(Duration.ZERO, "busy");
      assertThat(talker.answers.take(id, 1, again)).as("too early").isFalse();
      talker.gate.countDown();
      Bells.await(queue, id, TaskState.HANDED_OFF);
      assertThat(talker.answers.take(id, 1, ForeignStatus.pending(1, 2, "half"))).isTrue();
      assertThat(queue.record(id).orElseThrow().message()).isEqualTo("half");

      assertThat(talker.answers.take(id, 1, again)).isTrue();
      assertThat(Bells.next(talker.published).attempt()).isEqualTo(2);
      Bells.await(queue, id, TaskState.HANDED_OFF);
      assertThat(talker.answers.take(id, 1, ForeignStatus.failed("late"))).isTrue();
      assertThat(queue.record(id).orElseThrow().state())
          .as("of an attempt that is over")
          .isEqualTo(TaskState.HANDED_OFF);

      assertThat(talker.answers.take(id, 2, ForeignStatus.succeeded("42"))).isTrue();
      TaskRecord done = queue.record(id).orElseThrow();
      assertThat(done.state()).isEqualTo(TaskState.SUCCEEDED);
      assertThat(done.result()).isEqualTo("42");
      assertThat(talker.answers.take(id, 2, ForeignStatus.failed("late"))).isTrue();
      assertThat(queue.record(id).orElseThrow().state()).isEqualTo(TaskState.SUCCEEDED);
      assertThat(talker.answers.take("unknown", 1, again)).isTrue();
      assertThat(log.messages())
          .as("what comes too early or too late is nobody's business")
          .containsExactly("task thumbnail " + id + " failed at talker, next attempt in 0 s: busy");
      assertThat(queue.stats().failed()).isEqualTo(1);
      assertThat(queue.stats().dead()).isZero();
    }
  }
}
