package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final EventStream events = new EventStream(ResponseStream.to(out));

  @Test
  void anEventIsItsFieldsAndAnEmptyLine() throws IOException {
    events.send("plain");
    events.send("tick", "1");
    events.send("7", "tick", "2");
    events.retryAfter(Duration.ofSeconds(3));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            data: plain

            event: tick
            data: 1

            id: 7
            event: tick
            data: 2

            retry: 3000

            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nevent: evil", "a\r\nevent: evil", "a\revent: evil"})
  void dataOfSeveralLinesStaysData(String data) throws IOException {
    events.send(data);

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("data: a\ndata: event: evil\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
  void anIdOrTypeOfSeveralLinesIsRefused(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> events.send(line, "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> events.send(line, "type", "x"))
        .withMessageStartingWith("an event's id is one line: ");
    assertThat(out.size()).isZero();
  }
}
