package dev.postlude.fuzz;

import dev.postlude.wire.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Spoilt frames of WebSockets, and now and then a spoilt handshake: 10,000 in every build. */
class WebSocketFuzzTest extends WireFuzz {
  private static final byte[] HANDSHAKE =
      RawWebSocket.handshake("/ws", "").getBytes(StandardCharsets.ISO_8859_1);

  WebSocketFuzzTest() {
    super(10_000);
  }

  @Override
  int talk(Mutator mutator, ByteArrayOutputStream all) {
    SplittableRandom random = mutator.random();
    all.writeBytes(random.nextInt(50) == 0 ? mutator.spoil(HANDSHAKE) : HANDSHAKE);
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      byte[] frame = RawWebSocket.frame(first(random), payload(mutator));
      all.writeBytes(random.nextInt(6) == 0 ? mutator.spoil(frame) : frame);
    }
    if (random.nextBoolean()) {
      all.writeBytes(RawWebSocket.frame(0x88, (byte) 3, (byte) 0xe8));
    }
    return count;
  }

  private static int first(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt(256);
      case 1 -> RawWebSocket.TEXT;
      case 2 -> RawWebSocket.BINARY;
      case 3 -> RawWebSocket.CONTINUATION;
      case 4 -> RawWebSocket.FIN | RawWebSocket.CONTINUATION;
      case 5, 6 -> RawWebSocket.FIN | RawWebSocket.PING;
      case 7 -> RawWebSocket.FIN | RawWebSocket.PONG;
      case 8 -> RawWebSocket.FIN | RawWebSocket.BINARY;
      default -> RawWebSocket.FIN | RawWebSocket.TEXT;
    };
  }

  private static byte[] payload(Mutator mutator) {
    SplittableRandom random = mutator.random();
    return switch (random.nextInt(6)) {
      case 0 -> new byte[0];
      case 1 ->
          mutator
              .spoil("h\u00c3\u00a9llo \u00e2\u0082\u00ac")
              .getBytes(StandardCharsets.ISO_8859_1);
      case 2 -> {
        byte[] bytes = new byte[random.nextInt(140)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case 3 -> new byte[random.nextInt(30) == 0 ? 66_000 : 130];
      default -> "hello".getBytes(StandardCharsets.US_ASCII);
    };
  }

  @Override
  List<Integer> statusesOf(byte[] received) throws IOException {
    List<Integer> statuses = Answers.statusesOf(received);
    if (statuses.contains(101)) {
      int head = new String(received, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
      frames(ByteBuffer.wrap(received, head, received.length - head));
    }
    return statuses;
  }

  /** Whole frames only; a client that ends its side without a close may get part of the last. */
  private static void frames(ByteBuffer all) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int kind = 0;
    boolean closed = false;
    while (all.remaining() >= 2) {
      require(!closed, "frame after the close");
      int first = all.get() & 0xff;
      int length = all.get();
      if (length == 126 && all.remaining() >= 2) {
        length = all.getShort() & 0xffff;
      } else if (length == 127 && all.remaining() >= 8) {
        length = (int) all.getLong();
      }
      require(length >= 0 && (first & 0x70) == 0, "frame head");
      if (all.remaining() < length) {
        return;
      }
      byte[] payload = new byte[length];
      all.get(payload);
      int opcode = first & 0x0f;
      boolean last = (first & RawWebSocket.FIN) != 0;
      if (opcode >= 8) {
        require(last && length <= 125 && opcode <= 10, "control frame " + opcode);
        closed = opcode == RawWebSocket.CLOSE;
        require(!closed || length != 1, "close of one byte");
        continue;
      }
      require(opcode <= 2 && (opcode == 0) == (kind != 0), "fragment " + opcode);
      kind = opcode == 0 ? kind : opcode;
      message.writeBytes(payload);
      if (last) {
        requireText(kind, message.toByteArray());
        message.reset();
        kind = 0;
      }
    }
  }

  private static void requireText(int kind, byte[] message) throws IOException {
    if (kind == RawWebSocket.TEXT) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message));
      } catch (CharacterCodingException e) {
        throw new IOException("text that is no UTF-8: " + Arrays.toString(message), e);
      }
    }
  }

  private static void require(boolean right, String what) throws IOException {
    if (!right) {
      throw new IOException("malformed: " + what);
    }
  }
}
