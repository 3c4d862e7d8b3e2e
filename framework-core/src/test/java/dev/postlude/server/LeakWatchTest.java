package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakWatchTest {
  @Test
  void reportsABufferThatNobodyReleased() throws InterruptedException {
    drop();

    assertThat(LeakWatch.leaks()).singleElement().asString().contains("ByteBuf", "LeakWatchTest");
  }

  @Test
  void keepsQuietAboutABufferThatWasReleased() throws InterruptedException {
    ByteBufAllocator.DEFAULT.directBuffer(16).release();

    assertThat(LeakWatch.leaks()).isEmpty();
  }

  @Test
  void keepsQuietAboutABufferStillInUse() throws InterruptedException {
    ByteBuf inUse = ByteBufAllocator.DEFAULT.directBuffer(16);
    try {
      assertThat(LeakWatch.leaks()).isEmpty();
    } finally {
      inUse.release();
    }
  }

  private static void drop() {
    ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
  }
}
