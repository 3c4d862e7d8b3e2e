package dev.postlude.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Spoilt frames of HTTP/2, and spoilt field blocks in good ones: 10,000 in every build. */
class Http2FuzzTest extends WireFuzz {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  Http2FuzzTest() {
    super(10_000);
  }

  @Override
  int talk(Mutator mutator, ByteArrayOutputStream all) {
    SplittableRandom random = mutator.random();
    all.writeBytes(random.nextInt(100) == 0 ? mutator.spoil(PREFACE) : PREFACE);
    Http2Talk talk = new Http2Talk(mutator);
    List<byte[]> frames = new ArrayList<>();
    frames.add(talk.settings());
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      talk.add(frames);
    }
    for (byte[] frame : frames) {
      all.writeBytes(talk.spoil(frame));
    }
    return frames.size();
  }

  @Override
  List<Integer> statusesOf(byte[] received) throws IOException {
    return Http2Answers.statusesOf(received);
  }
}
