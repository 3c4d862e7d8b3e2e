package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.TaskStatus;
import dev.postlude.http.TypeOf;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A task that is run: with its payload, known by what it is, with a result. */
interface RunContract extends QueueUnderTest {
  record Mail(String to, int number) {}

  @Test
  default void anEnqueuedTaskIsRunWithItsPayload() throws Exception {
    BlockingQueue<Mail> sent = Bells.notes();
    TaskType<Mail> mail = queue().define("mail", Mail.class, (payload, run) -> sent.add(payload));
    queue().start();

    String id = Bells.value(mail.enqueue(new Mail("ada@example.org", 1)));

    assertThat(Bells.next(sent)).isEqualTo(new Mail("ada@example.org", 1));
    TaskRecord task = Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.crashes()).isZero();
    assertThat(task.payload()).isEqualTo("{\"to\":\"ada@example.org\",\"number\":1}");
    assertThat(task.error()).isNull();
    assertThat(task.startedAt()).isNotNull();
    assertThat(task.finishedAt()).isNotNull();
  }

  @Test
  default void theHandlerIsToldWhichTaskItIs() throws Exception {
    BlockingQueue<String> runs = Bells.notes();
    TaskType<String> type =
        queue()
            .define(
                "told",
                String.class,
                (payload, run) ->
                    runs.add(
                        run.id()
                            + " "
                            + run.name()
                            + " "
                            + run.attempt()
                            + " "
                            + run.crashes()
                            + " "
                            + run.key()
                            + " "
                            + !run.enqueuedAt().isAfter(Instant.now())));
    queue().start();

    String id = Bells.value(type.enqueue("x", "key-1"));

    assertThat(Bells.next(runs)).isEqualTo(id + " told 1 0 key-1 true");
  }

  @Test
  default void whatTheHandlerReturnsIsTheResult() throws Exception {
    TaskType<List<Integer>> type =
        queue()
            .defineWithResult(
                "sum",
                new TypeOf<List<Integer>>() {},
                TaskPolicy.defaults(),
                (numbers, run) ->
                    Map.of("sum", numbers.stream().mapToInt(Integer::intValue).sum()));
    queue().start();

    String id = Bells.value(type.enqueue(List.of(1, 2, 39)));

    Bells.await(queue(), id, TaskState.SUCCEEDED);
    TaskStatus status = queue().find(id).orElseThrow();
    assertThat(status.status()).isEqualTo(TaskStatus.Phase.SUCCEEDED);
    assertThat(status.result()).isEqualTo("{\"sum\":42}");
  }

  @Test
  default void aResultBeyond64KilobytesIsNotKept() throws Exception {
    TaskType<Integer> type =
        queue().defineWithResult("large", Integer.class, (size, run) -> "x".repeat(size));
    queue().start();

    String fits = Bells.value(type.enqueue((64 << 10) - 2));
    String tooLarge = Bells.value(type.enqueue((64 << 10) - 1));

    assertThat(Bells.await(queue(), fits, TaskState.SUCCEEDED).result()).hasSize(64 << 10);
    assertThat(Bells.await(queue(), tooLarge, TaskState.SUCCEEDED).result()).isNull();
  }

  @Test
  default void progressIsStoredAtOnceAndAtTheEnd() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    TaskType<String> type =
        queue()
            .define(
                "steps",
                String.class,
                (payload, run) -> {
                  run.progress(1, 3, "one");
                  run.progress(2, 3, "two");
                  goOn.await();
                  run.progress(3, 3, "three");
                });
    queue().start();
    String id = Bells.value(type.enqueue("x"));
    TaskStatus.Step step = null;
    while (step == null || step.total() == 0) {
      step = queue().find(id).orElseThrow().tasks().get(0);
    }
    assertThat(step.done()).isEqualTo(1);
    assertThat(step.message()).isEqualTo("one");
    goOn.countDown();
    TaskRecord task = Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(task.done()).isEqualTo(3);
    assertThat(task.message()).isEqualTo("three");
  }

  @Test
  default void aDelayedTaskIsNotDueBefore() throws Exception {
    BlockingQueue<Instant> ran = Bells.notes();
    TaskType<String> type =
        queue().define("later", String.class, (payload, run) -> ran.add(Instant.now()));
    queue().start();

    Instant before = Instant.now();
    String id = Bells.value(type.after(Duration.ofMillis(400)).enqueue("x"));

    assertThat(queue().record(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
    assertThat(Bells.next(ran)).isAfterOrEqualTo(before.plusMillis(399));
  }

  @Test
  default void noMoreRunAtATimeThanThePolicySays() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TaskType<Integer> two =
        queue()
            .define(
                "two",
                Integer.class,
                TaskPolicy.defaults().maxConcurrent(2),
                (payload, run) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  TimeUnit.MILLISECONDS.sleep(5);
                  now.decrementAndGet();
                });
    queue().start();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(Bells.value(two.enqueue(i)));
    }
    for (String id : ids) {
      Bells.await(queue(), id, TaskState.SUCCEEDED);
    }
    assertThat(most.get()).isBetween(1, 2);
  }
}
