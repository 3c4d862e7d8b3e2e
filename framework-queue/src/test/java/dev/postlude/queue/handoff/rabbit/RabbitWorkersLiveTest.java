package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.postlude.background.Retry;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.handoff.RabbitMq;
import dev.postlude.queue.handoff.rabbit.WorkerProgram.Order;
import dev.postlude.queue.task.FatalTaskException;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.RabbitServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Workers and outbox in one process, on a real RabbitMQ. */
class RabbitWorkersLiveTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private RabbitWorkers workers;
  private RabbitTask task;

  @BeforeEach
  void connect() throws Exception {
    RabbitMq server = RabbitMq.at(RabbitServer.shared().uri()).prefix("t" + UUID.randomUUID());
    workers = new RabbitWorkers(server, 2);
  }

  @AfterEach
  void stop() {
    workers.stop(PATIENCE);
    if (task != null) {
      task.close();
    }
  }

  @Test
  void aWorkerDoesItAndItsResultComesBack() throws Exception {
    task = handle("orders", WorkerProgram::order, WorkerProgram.POLICY);
    Book book = new Book(task);
    book.publish("a#3", 3); // before there is any worker
    workers.start();

    assertThat(book.end("a#3")).isEqualTo(ForeignStatus.succeeded("6"));
  }

  @Test
  void progressComesBackWhileItRuns() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    task =
        handle(
            "slow",
            (order, run) -> {
              run.progress(3, 10, "three of ten");
              gate.await();
              return null;
            });
    Book book = new Book(task);
    workers.start();
    book.publish("a#1", 1);

    assertThat(Eventually.get(() -> book.latest("a#1"), said -> said.done() > 0))
        .isEqualTo(ForeignStatus.pending(3, 10, "three of ten"));
    gate.countDown();
    assertThat(book.end("a#1")).isEqualTo(ForeignStatus.succeeded(null));
  }

  @Test
  void thePolicyIsAskedWhereTheHandlerIsAndTheWaitIsTheOutboxs() throws Exception {
    Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
    task =
        handle(
            "failing",
            (order, run) -> {
              attempts.add(run.attempt());
              throw new IllegalStateException("attempt " + run.attempt());
            },
            TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofMillis(10))));
    Book book = new Book(task);
    workers.start();
    book.publish("a#1", 1);

    assertThat(book.end("a#1").error()).contains("attempt 2");
    assertThat(attempts).containsExactly(1, 2);
  }

  @Test
  void aFatalErrorAndAnUnreadablePayloadAreTheEnd() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    task =
        handle(
            "fatal",
            (order, run) -> {
              runs.incrementAndGet();
              throw new FatalTaskException("no such order");
            });
    Book book = new Book(task);
    workers.start();
    book.publish("a#1", 1);
    task.publish(new Envelope("b", "fatal", "[]", 1, Instant.now(), null));

    assertThat(book.end("a#1").error()).contains("no such order");
    assertThat(book.end("b").error()).startsWith("the payload cannot be read");
    assertThat(runs).hasValue(1);
  }

  @Test
  void aHandlerThatTakesTooLongIsInterruptedAndHasFailed() throws Exception {
    task =
        handle(
            "late",
            (order, run) -> {
              new CountDownLatch(1).await();
              return null;
            },
            TaskPolicy.defaults().retry(Retry.never()).timeout(Duration.ofMillis(50)));
    Book book = new Book(task);
    workers.start();
    book.publish("a#1", 1);

    assertThat(book.end("a#1").error()).contains("took longer than PT0.05S");
  }

  /** Again and again: a stop may come at any moment of the workers' beginning. */
  @RepeatedTest(10)
  void aStopGivesBackWhatDoesNotEndInTimeAndThatIsNoCrash() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Queue<Integer> crashes = new ConcurrentLinkedQueue<>();
    task =
        handle(
            "long",
            (order, run) -> {
              crashes.add(run.crashes());
              if (crashes.size() == 1) {
                begun.countDown();
                never.await();
              }
              return "done";
            });
    Book book = new Book(task);
    book.publish("a#1", 1);
    workers.start();
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    workers.stop(Duration.ofMillis(20)); // half of it to end by itself, half to heed
    workers.start();

    assertThat(book.end("a#1")).isEqualTo(ForeignStatus.succeeded("\"done\""));
    assertThat(crashes).containsExactly(0, 0);
  }

  @Test
  void aLostConnectionDoesNotRunATaskTwiceThatThisProcessIsStillAt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    task =
        handle(
            "long",
            (order, run) -> {
              runs.incrementAndGet();
              begun.countDown();
              gate.await();
              return "done";
            });
    Book book = new Book(task);
    workers.start();
    book.publish("a#1", 1);
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

    RabbitServer.shared().stop();
    assertThatThrownBy(() -> book.publish("b#2", 2)).isInstanceOf(java.io.IOException.class);
    RabbitServer.shared().start();
    book.publish("b#2", 2);
    gate.countDown();

    assertThat(book.end("a#1")).isEqualTo(ForeignStatus.succeeded("\"done\""));
    assertThat(book.end("b#2")).isEqualTo(ForeignStatus.succeeded("\"done\""));
    assertThat(runs).hasValue(2);
    workers.stop(PATIENCE);
    try (Connection connection = RabbitServer.shared().connect()) {
      Channel channel = connection.createChannel();
      Eventually.get(() -> channel.consumerCount(queue()), consumers -> consumers == 0);
      assertThat(channel.messageCount(queue())).as("what was not settled is back").isZero();
    }
  }

  @Test
  void whatRabbitMqHasGivenUpHasFailed() throws Exception {
    task = handle("orders", WorkerProgram::order, WorkerProgram.POLICY);
    Book book = new Book(task);
    book.publish("a#1", 1);
    try (Connection connection = RabbitServer.shared().connect()) {
      Channel channel = connection.createChannel();
      channel.basicReject(channel.basicGet(queue(), false).getEnvelope().getDeliveryTag(), false);

      ForeignStatus end = book.end("a#1");
      assertThat(end.phase()).isEqualTo(Phase.FAILED);
      assertThat(end.error()).isEqualTo("RabbitMQ has given it up: rejected in " + queue());
    }
  }

  private RabbitTask handle(String type, TaskHandler<Order> handler) {
    return handle(type, handler, TaskPolicy.defaults());
  }

  @SuppressWarnings("unchecked") // what is read as an order is handed to nobody else
  private RabbitTask handle(String type, TaskHandler<Order> handler, TaskPolicy policy) {
    return workers.handle(
        type, Order.class, (TaskHandler<Object>) (TaskHandler<?>) handler, policy);
  }

  private String queue() {
    return task.toString().substring("rabbitmq:".length());
  }
}
