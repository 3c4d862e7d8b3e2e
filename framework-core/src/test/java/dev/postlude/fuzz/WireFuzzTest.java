package dev.postlude.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Spoilt requests in HTTP/1.1: 20,000 in every build. */
class WireFuzzTest extends WireFuzz {
  private final List<byte[]> good = FuzzApp.requests();

  WireFuzzTest() {
    super(20_000);
  }

  @Override
  int talk(Mutator mutator, ByteArrayOutputStream all) {
    int count = 1 + mutator.random().nextInt(4);
    for (int i = 0; i < count; i++) {
      all.writeBytes(mutator.spoil(mutator.pick(good)));
    }
    return count;
  }

  @Override
  List<Integer> statusesOf(byte[] received) throws IOException {
    return Answers.statusesOf(received);
  }
}
