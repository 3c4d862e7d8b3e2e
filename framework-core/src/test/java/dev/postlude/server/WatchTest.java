package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.LogLines;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {
  private final EventLoop loop = new DefaultEventLoop();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Fails whatever it is asked. */
  private static final class Broken implements Watch.Watched {
    @Override
    public void check(long nowNanos) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void announceEnd() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void drain() {
      throw new StackOverflowError("on purpose");
    }
  }

  /** Counts. */
  private record Counted(CountDownLatch checks, CountDownLatch ends, CountDownLatch drains)
      implements Watch.Watched {
    @Override
    public void check(long nowNanos) {
      checks.countDown();
    }

    @Override
    public void announceEnd() {
      ends.countDown();
    }

    @Override
    public void drain() {
      drains.countDown();
    }
  }

  @Test
  void aConnectionThatFailsTakesNoOthersDeadlinesAway() throws Exception {
    CountDownLatch checks = new CountDownLatch(3);
    CountDownLatch ends = new CountDownLatch(1);
    CountDownLatch drains = new CountDownLatch(1);
    try (LogLines log = LogLines.of("dev.postlude.server")) {
      Watch watch = new Watch(loop);
      loop.execute(
          () -> {
            watch.add(new Broken());
            watch.add(new Counted(checks, ends, drains));
          });
      assertThat(checks.await(20, TimeUnit.SECONDS)).isTrue();
      loop.execute(watch::drain);
      assertThat(ends.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(drains.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(log.await(line -> line.contains("could not be looked at"))).isNotNull();
    }
  }
}
