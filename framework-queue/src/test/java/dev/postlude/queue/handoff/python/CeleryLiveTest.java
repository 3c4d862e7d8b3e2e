package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.handoff.broker.RedisCommand;
import dev.postlude.queue.handoff.broker.RedisLink;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RabbitServer;
import dev.postlude.rig.RedisServer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real Celery workers, one on RabbitMQ and one on Redis; results in Redis. */
class CeleryLiveTest {
  private static String results;
  private static Child overRabbit;
  private static Child overRedis;
  private static Celery rabbit;
  private static Celery redis;

  @BeforeAll
  static void start() throws Exception {
    results = RedisServer.shared().uri(1);
    overRabbit = PythonWorker.celery(RabbitServer.shared().uri(), results, "live");
    overRedis = PythonWorker.celery(RedisServer.shared().uri(2), results, "live");
    rabbit = Celery.at(RabbitServer.shared().uri()).results(results);
    redis = Celery.at(RedisServer.shared().uri(2)).results(results);
  }

  @AfterAll
  static void stop() {
    for (Child worker : new Child[] {overRabbit, overRedis}) {
      if (worker != null) {
        worker.close();
      }
    }
  }

  @Test
  void aWorkerOnRabbitMqIsCalledAndItsResultComesBack() throws Exception {
    assertThat(outcomeOf(rabbit, "images.thumbnail", "{\"url\":\"http://ü\",\"width\":120}"))
        .isEqualTo(ForeignStatus.succeeded("{\"url\":\"http://ü\",\"width\":120,\"twice\":240}"));
  }

  @Test
  void aWorkerOnRedisIsCalledAndItsResultComesBack() throws Exception {
    assertThat(outcomeOf(redis, "images.thumbnail", "{\"url\":\"http://ü\",\"width\":120}"))
        .isEqualTo(ForeignStatus.succeeded("{\"url\":\"http://ü\",\"width\":120,\"twice\":240}"));
  }

  @Test
  void anArrayIsPositional() throws Exception {
    assertThat(outcomeOf(rabbit, "numbers.add", "[2,3]")).isEqualTo(ForeignStatus.succeeded("5"));
    assertThat(outcomeOf(redis, "numbers.add", "[2,3]")).isEqualTo(ForeignStatus.succeeded("5"));
  }

  @Test
  void anExceptionOverThereIsAFailureWithItsTraceback() throws Exception {
    ForeignStatus status = outcomeOf(rabbit, "failing", "{\"reason\":\"no such file\"}");

    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.error()).startsWith("ValueError: no such file\nTraceback");
  }

  @Test
  void aTaskThatTheWorkerDoesNotKnowFails() throws Exception {
    ForeignStatus status = outcomeOf(redis, "no.such.task", "[]");

    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.error()).contains("NotRegistered");
  }

  @Test
  void progressIsSeenWhileItRuns() throws Exception {
    String gate = "gate-" + UUID.randomUUID();
    CeleryTask slow = rabbit.task("slow").queue("live");
    String id = slow.publish(envelope("{\"key\":\"" + gate + "\",\"gate\":\"" + results + "\"}"));

    assertThat(Eventually.get(() -> slow.status(id), status -> status.done() > 0))
        .isEqualTo(ForeignStatus.pending(3, 10, "three of ten"));
    assertThat(slow.publish(new Envelope(id, "slow", "{}", 2, Instant.now(), null)))
        .as("what has begun is not published twice")
        .isEqualTo(id);
    try (RedisLink link = RedisLink.at(URI.create(results), null)) {
      link.together(List.of(RedisCommand.of("RPUSH", gate, "open")));
    }
    assertThat(Eventually.get(() -> slow.status(id), CeleryLiveTest::ended))
        .isEqualTo(ForeignStatus.succeeded("\"done\""));
  }

  @Test
  void whatHasFailedCanBePublishedAgainUnderTheSameId() throws Exception {
    CeleryTask failing = redis.task("failing").queue("live");
    String id = failing.publish(envelope("{\"reason\":\"first\"}"));
    Eventually.get(() -> failing.status(id), CeleryLiveTest::ended);
    failing.publish(new Envelope(id, "failing", "{\"reason\":\"second\"}", 1, Instant.now(), null));

    assertThat(Eventually.get(() -> failing.status(id), CeleryLiveTest::ended).error())
        .contains("second");
  }

  @Test
  void aQueueThatNobodyDeclaredRefusesTheMessage() {
    assertThatThrownBy(() -> rabbit.task("numbers.add").queue("nobody").publish(envelope("[2,3]")))
        .hasMessage(
            "RabbitMQ has no queue \"nobody\": 312 NO_ROUTE. Its workers declare it when they"
                + " start.");
  }

  private static ForeignStatus outcomeOf(Celery celery, String task, String payload)
      throws Exception {
    CeleryTask handOff = celery.task(task).queue("live");
    String id = handOff.publish(envelope(payload));
    return Eventually.get(() -> handOff.status(id), CeleryLiveTest::ended);
  }

  private static boolean ended(ForeignStatus status) {
    return status.phase() != Phase.PENDING;
  }

  private static Envelope envelope(String payload) {
    return new Envelope(UUID.randomUUID().toString(), "name", payload, 1, Instant.now(), null);
  }
}
