package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class LoopBufferTest {
  private final LoopBuffer buffers = new LoopBuffer(16);

  @Test
  void isLentToOneAtATime() throws Exception {
    run(
        () -> {
          ByteBuf first = buffers.lend();
          assertThat(first).isNotNull();
          assertThat(buffers.lend()).isNull();

          ByteBuf kept = first.writeBytes(new byte[] {1, 2}).readRetainedSlice(1);
          first.release();
          assertThat(buffers.lend()).isNull(); // a piece of it is still out
          kept.release();

          ByteBuf second = buffers.lend();
          assertThat(second).isSameAs(first);
          assertThat(second.readableBytes()).isZero();
          second.release();
        });
  }

  /** Which the watch sees. */
  @Test
  void isGivenBackWhenItsThreadEnds() throws Exception {
    AtomicReference<ByteBuf> seen = new AtomicReference<>();
    run(
        () -> {
          ByteBuf lent = buffers.lend();
          seen.set(lent);
          lent.release();
        });

    assertThat(seen.get().refCnt()).isZero();
  }

  private static void run(Runnable onLoop) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread loop = new FastThreadLocalThread(onLoop);
    loop.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
    loop.start();
    loop.join();
    assertThat(failure.get()).isNull();
  }
}
