package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DramatiqFormatTest {
  private static final DramatiqMessage MESSAGE =
      new DramatiqMessage(
          "4f6c",
          "ship_order",
          "default",
          Arguments.of("{\"order\":7}"),
          Instant.ofEpochMilli(1_795_234_804_550L));

  @Test
  void overRabbitMqTheMessageIsTheBody() {
    assertThat(MESSAGE.toAmqp())
        .isEqualTo(
            new AmqpMessage(
                "default",
                null,
                "4f6c",
                null,
                Map.of(),
                "{\"queue_name\":\"default\",\"actor_name\":\"ship_order\",\"args\":[],"
                    + "\"kwargs\":{\"order\":7},\"options\":{},\"message_id\":\"4f6c\","
                    + "\"message_timestamp\":1795234804550}"));
  }

  @Test
  void overRedisTheMessageIsInAHashAndItsDeliveryInAList() {
    assertThat(MESSAGE.toRedis("d-1"))
        .containsExactly(
            RedisCommand.of(
                "HSET",
                "dramatiq:default.msgs",
                "d-1",
                "{\"queue_name\":\"default\",\"actor_name\":\"ship_order\",\"args\":[],"
                    + "\"kwargs\":{\"order\":7},\"options\":{\"redis_message_id\":\"d-1\"},"
                    + "\"message_id\":\"4f6c\",\"message_timestamp\":1795234804550}"),
            RedisCommand.of("RPUSH", "dramatiq:default", "d-1"));
  }

  @Test
  void theResultsKeyIsADigestOfQueueActorAndId() {
    // md5sum of "dramatiq-results:default:ship_order:4f6c"
    assertThat(MESSAGE.resultKey()).isEqualTo("a213840c3bf90d4ead8fe677fde101b7");
  }

  @Test
  void aValueIsTheResultAndAnExceptionAFailure() {
    assertThat(DramatiqResult.read(null)).isEqualTo(ForeignStatus.pending());
    assertThat(DramatiqResult.read("{\"a\": [1, 2]}"))
        .isEqualTo(ForeignStatus.succeeded("{\"a\":[1,2]}"));
    assertThat(DramatiqResult.read("null")).isEqualTo(ForeignStatus.succeeded(null));
    assertThat(
            DramatiqResult.read(
                """
                {"__t": "dramatiq.results.Result",
                 "exn": {"type": "ValueError", "msg": "no such order"}}"""))
        .isEqualTo(ForeignStatus.failed("ValueError: no such order"));
    assertThat(DramatiqResult.read("\u0080\u0004.").phase()).isEqualTo(ForeignStatus.Phase.FAILED);
  }
}
