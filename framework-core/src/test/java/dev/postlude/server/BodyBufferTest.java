package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyBufferTest {
  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static String text(BodyBuffer body) {
    return new String(body.bytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void itIsWhatWasAddedInItsOrder() {
    BodyBuffer body = new BodyBuffer(100, -1);
    body.add(bytes("he"));
    body.add(Unpooled.EMPTY_BUFFER);
    body.add(bytes("llo"));

    assertThat(text(body)).isEqualTo("hello");
    assertThat(body.isTooLarge()).isFalse();
    assertThat(new BodyBuffer(0, -1).bytes()).isEmpty();
  }

  @Test
  void theLimitIsTheLastByteThatFits() {
    BodyBuffer body = new BodyBuffer(5, 5);
    body.add(bytes("hello"));
    assertThat(body.isTooLarge()).isFalse();
    assertThat(text(body)).isEqualTo("hello");

    body.add(bytes("!"));
    assertThat(body.isTooLarge()).isTrue();
    body.add(bytes("x"));
    assertThat(body.bytes()).as("nothing is kept of what is refused").isEmpty();
  }

  @Test
  void aLargeBodyGrowsPieceByPiece() {
    BodyBuffer body = new BodyBuffer(1 << 20, -1);
    String piece = "0123456789".repeat(100);
    for (int i = 0; i < 1_000; i++) {
      body.add(bytes(piece));
    }

    assertThat(body.bytes()).hasSize(1_000_000);
    assertThat(text(body)).isEqualTo(piece.repeat(1_000));
  }

  @Test
  void whatIsAnnouncedTakesNoMemoryBeforeItComes() {
    // A hundred of a gigabyte each: announced, not sent.
    BodyBuffer[] bodies = new BodyBuffer[100];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = new BodyBuffer(1L << 30, 1L << 30);
      bodies[i].add(bytes("x"));
    }

    assertThat(bodies).allSatisfy(body -> assertThat(text(body)).isEqualTo("x"));
  }
}
