package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class RqFormatTest {
  @Test
  void aJobIsAHashAndAnEntryInItsQueue() {
    RqJobRecord job =
        new RqJobRecord(
            "4f6c",
            "reports.monthly",
            "low",
            Arguments.of("{\"month\":\"2026-11\"}"),
            Duration.ofSeconds(90),
            Duration.ofHours(1),
            Instant.parse("2026-11-21T04:20:04.55Z"));

    assertThat(job.toRedis())
        .containsExactly(
            RedisCommand.of("DEL", "rq:job:4f6c", "rq:results:4f6c"),
            RedisCommand.of("SADD", "rq:queues", "rq:queue:low"),
            RedisCommand.of(
                "HSET",
                "rq:job:4f6c",
                "data",
                "[\"reports.monthly\",null,[],{\"month\":\"2026-11\"}]",
                "created_at",
                "2026-11-21T04:20:04.550000Z",
                "enqueued_at",
                "2026-11-21T04:20:04.550000Z",
                "origin",
                "low",
                "description",
                "reports.monthly",
                "status",
                "queued",
                "timeout",
                "90",
                "result_ttl",
                "3600",
                "failure_ttl",
                "3600",
                "started_at",
                "",
                "ended_at",
                "",
                "last_heartbeat",
                "",
                "worker_name",
                "",
                "success_callback_name",
                "",
                "failure_callback_name",
                ""),
            RedisCommand.of("RPUSH", "rq:queue:low", "4f6c"));
  }

  @Test
  void timesHaveExactlySixDigitsAlsoWhereThereAreNoneOrNine() {
    assertThat(hashOf("2026-11-21T04:20:04Z")).contains("2026-11-21T04:20:04.000000Z");
    assertThat(hashOf("2026-11-21T04:20:04.123456789Z")).contains("2026-11-21T04:20:04.123456Z");
  }

  @Test
  void aFinishedJobHasItsResult() {
    String value = base64("{\"pages\": 12}".getBytes(StandardCharsets.UTF_8));

    assertThat(
            new RqResult("finished", null, Map.of("type", "1", "return_value", value)).toStatus())
        .isEqualTo(ForeignStatus.succeeded("{\"pages\":12}"));
  }

  @Test
  void aPickledResultIsLeftAlone() {
    String value = base64(new byte[] {(byte) 0x80, 4, 'K', 7, '.'});

    assertThat(new RqResult("finished", "\u0080\u0004}.", Map.of("return_value", value)).toStatus())
        .isEqualTo(ForeignStatus.succeeded(null));
  }

  @Test
  void aFailedJobHasItsTraceback() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream zlib = new DeflaterOutputStream(bytes)) {
      zlib.write("Traceback...\nValueError: no\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(
            new RqResult("failed", null, Map.of("exc_string", base64(bytes.toByteArray())))
                .toStatus())
        .isEqualTo(ForeignStatus.failed("Traceback...\nValueError: no"));
    assertThat(new RqResult("stopped", null, Map.of()).toStatus())
        .isEqualTo(ForeignStatus.failed("RQ says: stopped"));
    assertThat(new RqResult("failed", null, Map.of("exc_string", "no base64!")).toStatus())
        .isEqualTo(ForeignStatus.failed("RQ says: failed"));
  }

  @Test
  void metaIsProgress() {
    assertThat(new RqResult("started", "{\"current\":3,\"total\":10}", Map.of()).toStatus())
        .isEqualTo(ForeignStatus.pending(3, 10, ""));
    assertThat(new RqResult("queued", null, Map.of()).toStatus())
        .isEqualTo(ForeignStatus.pending());
  }

  @Test
  void aJobThatRqHasForgottenHasFailed() {
    assertThat(new RqResult(null, null, Map.of()).toStatus().phase())
        .isEqualTo(ForeignStatus.Phase.FAILED);
  }

  private static java.util.List<String> hashOf(String time) {
    return new RqJobRecord(
            "1",
            "f",
            "q",
            Arguments.of("[]"),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Instant.parse(time))
        .toRedis()
        .get(2)
        .arguments();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
