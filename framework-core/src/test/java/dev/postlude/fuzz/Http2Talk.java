package dev.postlude.fuzz;

import dev.postlude.wire.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What a client says in HTTP/2, as it should be, and the ways to spoil it: RFC 9113. */
final class Http2Talk {
  private static final int PRIORITY = 2;
  private static final List<String> PATHS =
      List.of("/", "/loop", "/users/17", "/query?q=a+b", "/stream", "/files/page.txt", "/none");
  private static final List<String> BODIES = List.of("/echo", "/text", "/task", "/upload");
  private static final List<String> ODD_NAMES =
      List.of(
          "connection",
          "transfer-encoding",
          "te",
          "Upper",
          "host",
          ":path",
          ":status",
          "",
          "a b",
          "content-length",
          "cookie",
          "expect",
          "range",
          "accept-encoding");
  private static final List<String> ODD_VALUES =
      List.of("", "1", "-1", "5", "chunked", "\r\n", "\0", "a=b; c", "gzip", "bytes=0-4", "x, y");

  private final Mutator mutator;
  private final SplittableRandom random;
  private int nextStream = 1;

  Http2Talk(Mutator mutator) {
    this.mutator = mutator;
    this.random = mutator.random();
  }

  /** Settings: good ones for the most part. */
  byte[] settings() {
    ByteBuffer payload = ByteBuffer.allocate(6 * random.nextInt(4));
    while (payload.hasRemaining()) {
      payload.putShort((short) random.nextInt(8)).putInt(number());
    }
    return frame(RawHttp2.SETTINGS, 0, 0, random.nextInt(4) == 0 ? payload.array() : new byte[0]);
  }

  private int number() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> random.nextInt();
      case 2 -> Integer.MAX_VALUE;
      case 3 -> 16_384;
      default -> random.nextInt(100_000);
    };
  }

  /** Adds a request, or a frame that stands for itself. */
  void add(List<byte[]> frames) {
    int stream = random.nextInt(Math.max(2, nextStream + 2));
    switch (random.nextInt(10)) {
      case 0 -> frames.add(settings());
      case 1 -> frames.add(frame(RawHttp2.PING, random.nextInt(2), 0, new byte[8]));
      case 2 -> frames.add(frame(RawHttp2.WINDOW_UPDATE, 0, stream, RawHttp2.number(number())));
      case 3 ->
          frames.add(frame(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(random.nextInt(16))));
      case 4 -> frames.add(frame(PRIORITY, 0, stream, new byte[5]));
      case 5, 6 -> post(frames);
      default -> get(frames);
    }
  }

  private void get(List<byte[]> frames) {
    int stream = stream();
    byte[] block = block("GET", mutator.pick(PATHS));
    if (random.nextInt(4) > 0) {
      int flags = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
      frames.add(frame(RawHttp2.HEADERS, flags, stream, block));
      return;
    }
    int cut = random.nextInt(block.length + 1);
    frames.add(frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, Arrays.copyOf(block, cut)));
    frames.add(
        frame(
            RawHttp2.CONTINUATION,
            RawHttp2.END_HEADERS,
            stream,
            Arrays.copyOfRange(block, cut, block.length)));
  }

  private void post(List<byte[]> frames) {
    int stream = stream();
    frames.add(
        frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, block("POST", mutator.pick(BODIES))));
    for (int i = random.nextInt(3); i > 0; i--) {
      frames.add(frame(RawHttp2.DATA, 0, stream, new byte[random.nextInt(200)]));
    }
    frames.add(frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, new byte[random.nextInt(3)]));
  }

  private int stream() {
    int stream = nextStream;
    nextStream += 2;
    return stream;
  }

  /** A field block of literals: RFC 7541 section 6.2; now and then spoilt, or with odd fields. */
  private byte[] block(String method, String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":scheme", "http");
    field(block, ":path", path);
    field(block, ":authority", "a");
    for (int i = random.nextInt(8) == 0 ? 3 : 0; i > 0; i--) {
      field(block, mutator.pick(ODD_NAMES), mutator.pick(ODD_VALUES));
    }
    return random.nextInt(6) == 0 ? mutator.spoil(block.toByteArray()) : block.toByteArray();
  }

  private void field(ByteArrayOutputStream block, String name, String value) {
    int indexed = random.nextInt(3) == 0 ? 0x40 : 0x00;
    block.write(indexed);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    block.write(text.length());
    block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return RawHttp2.frame(type, flags, stream, payload);
  }

  /** Leaves seven of eight as they are, or one bad frame would hide what follows it. */
  byte[] spoil(byte[] frame) {
    if (random.nextInt(8) > 0) {
      return frame;
    }
    byte[] bad = frame.clone();
    switch (random.nextInt(7)) {
      case 0 -> bad[3] = (byte) random.nextInt(16); // type
      case 1 -> bad[4] ^= (byte) (1 << random.nextInt(8)); // flags
      case 2 -> bad[8] = (byte) random.nextInt(12); // stream
      case 3 -> bad[5] = (byte) random.nextInt(256);
      case 4 -> bad[2] = (byte) random.nextInt(256); // length
      case 5 -> {
        byte[] payload = mutator.spoil(Arrays.copyOfRange(frame, 9, frame.length));
        byte[] whole = Arrays.copyOf(frame, 9 + payload.length);
        System.arraycopy(payload, 0, whole, 9, payload.length);
        whole[1] = (byte) (payload.length >> 8);
        whole[2] = (byte) payload.length;
        return whole;
      }
      default -> {
        return mutator.spoil(frame);
      }
    }
    return bad;
  }
}
