package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.handoff.broker.RedisCommand;
import dev.postlude.queue.handoff.broker.RedisLink;
import dev.postlude.rig.Child;
import dev.postlude.rig.Eventually;
import dev.postlude.rig.PythonWorker;
import dev.postlude.rig.RedisServer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real RQ worker. */
class RqLiveTest {
  private static String redis;
  private static Child worker;

  @BeforeAll
  static void start() throws Exception {
    redis = RedisServer.shared().uri(3);
    worker = PythonWorker.rq(redis, "live");
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
  }

  @Test
  void aWorkerIsCalledAndItsResultComesBack() throws Exception {
    assertThat(outcomeOf("rq_functions.thumbnail", "{\"url\":\"http://ü\",\"width\":120}"))
        .isEqualTo(ForeignStatus.succeeded("{\"url\":\"http://ü\",\"width\":120,\"twice\":240}"));
    assertThat(outcomeOf("rq_functions.add", "[2,3]")).isEqualTo(ForeignStatus.succeeded("5"));
  }

  @Test
  void anExceptionOverThereIsAFailureWithItsTraceback() throws Exception {
    ForeignStatus status = outcomeOf("rq_functions.failing", "{\"reason\":\"no such file\"}");

    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.error()).startsWith("Traceback").endsWith("ValueError: no such file");
  }

  @Test
  void aFunctionThatTheWorkerDoesNotHaveFails() throws Exception {
    assertThat(outcomeOf("rq_functions.missing", "[]").error()).contains("AttributeError");
  }

  @Test
  void progressIsSeenWhileItRuns() throws Exception {
    String gate = "gate-" + UUID.randomUUID();
    RqJob slow = Rq.at(redis).job("rq_functions.slow").queue("live");
    String id = slow.publish(envelope("{\"key\":\"" + gate + "\"}"));

    assertThat(Eventually.get(() -> slow.status(id), status -> status.done() > 0))
        .isEqualTo(ForeignStatus.pending(3, 10, "three of ten"));
    assertThat(slow.publish(new Envelope(id, "slow", "{}", 2, Instant.now(), null)))
        .as("what RQ has is not published twice")
        .isEqualTo(id);
    try (RedisLink link = RedisLink.at(URI.create(redis), null)) {
      link.together(List.of(RedisCommand.of("RPUSH", gate, "open")));
    }
    assertThat(Eventually.get(() -> slow.status(id), RqLiveTest::ended))
        .isEqualTo(ForeignStatus.succeeded("\"done\""));
  }

  @Test
  void whatHasFailedCanBePublishedAgainUnderTheSameId() throws Exception {
    RqJob failing = Rq.at(redis).job("rq_functions.failing").queue("live");
    String id = failing.publish(envelope("{\"reason\":\"first\"}"));
    Eventually.get(() -> failing.status(id), RqLiveTest::ended);
    failing.publish(new Envelope(id, "failing", "{\"reason\":\"second\"}", 1, Instant.now(), null));

    assertThat(Eventually.get(() -> failing.status(id), RqLiveTest::ended).error())
        .contains("second");
  }

  private static ForeignStatus outcomeOf(String function, String payload) throws Exception {
    RqJob job = Rq.at(redis).job(function).queue("live");
    String id = job.publish(envelope(payload));
    return Eventually.get(() -> job.status(id), RqLiveTest::ended);
  }

  private static boolean ended(ForeignStatus status) {
    return status.phase() != Phase.PENDING;
  }

  private static Envelope envelope(String payload) {
    return new Envelope(UUID.randomUUID().toString(), "name", payload, 1, Instant.now(), null);
  }
}
