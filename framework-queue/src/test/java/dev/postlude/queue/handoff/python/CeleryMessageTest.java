package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.broker.AmqpMessage;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class CeleryMessageTest {
  private static final CeleryMessage MESSAGE =
      new CeleryMessage(
          "4f6c",
          "images.thumbnail",
          "pictures",
          Arguments.of("{\"url\":\"http://ü/1.png\",\"width\":120}"),
          null);
  private static final String BODY =
      "[[],{\"url\":\"http://ü/1.png\",\"width\":120},"
          + "{\"callbacks\":null,\"errbacks\":null,\"chain\":null,\"chord\":null}]";
  private static final String HEADERS =
      """
      {"lang":"java","task":"images.thumbnail","id":"4f6c","root_id":"4f6c","parent_id":null,\
      "group":null,"retries":0,"eta":null,"expires":null,"timelimit":[null,null],\
      "argsrepr":"[]","kwargsrepr":"{\\"url\\":\\"http://ü/1.png\\",\\"width\\":120}",\
      "origin":"postlude","ignore_result":false}""";

  @Test
  void overRabbitMqTheFieldsAreMessageHeadersAndTheBodyIsTheCall() {
    AmqpMessage amqp = MESSAGE.toAmqp();

    assertThat(amqp.queue()).isEqualTo("pictures");
    assertThat(amqp.contentEncoding()).isEqualTo("utf-8");
    assertThat(amqp.correlationId()).isEqualTo("4f6c");
    assertThat(amqp.replyTo()).isNull();
    assertThat(amqp.body()).isEqualTo(BODY);
    assertThat(Json.text(amqp.headers())).isEqualTo(HEADERS);
  }

  @Test
  void overRedisAllOfItIsOneDocumentWithTheBodyInBase64() {
    assertThat(MESSAGE.toRedis("a-tag"))
        .containsExactly(
            RedisCommand.of(
                "LPUSH",
                "pictures",
                "{\"body\":\""
                    + Base64.getEncoder().encodeToString(BODY.getBytes(StandardCharsets.UTF_8))
                    + "\",\"content-encoding\":\"utf-8\",\"content-type\":\"application/json\","
                    + "\"headers\":"
                    + HEADERS
                    + ",\"properties\":{\"correlation_id\":\"4f6c\",\"reply_to\":\"4f6c\","
                    + "\"delivery_mode\":2,\"delivery_info\":{\"exchange\":\"\","
                    + "\"routing_key\":\"pictures\"},\"priority\":0,"
                    + "\"body_encoding\":\"base64\",\"delivery_tag\":\"a-tag\"}}"));
  }

  @Test
  void aPayloadBecomesArgumentsOfItsKind() {
    assertThat(Arguments.of(" {\"x\": 1.10}")).isEqualTo(new Arguments("[]", "{\"x\": 1.10}"));
    assertThat(Arguments.of("[1,2]")).isEqualTo(new Arguments("[1,2]", "{}"));
    assertThat(Arguments.of("\"one\"")).isEqualTo(new Arguments("[\"one\"]", "{}"));
    assertThat(Arguments.of("null")).isEqualTo(new Arguments("[null]", "{}"));
  }

  @Test
  void theWorkersLogIsNotFilledWithLongArguments() {
    CeleryMessage message =
        new CeleryMessage("1", "t", "q", Arguments.of("\"" + "x".repeat(1000) + "\""), null);

    assertThat(message.headers().get("argsrepr").toString()).hasSize(203).endsWith("...");
    assertThat(message.body()).hasSizeGreaterThan(1000);
    assertThat(List.of(message.headers().get("kwargsrepr"))).containsExactly("{}");
  }
}
