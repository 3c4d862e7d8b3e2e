package dev.postlude.queue.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a timer does again and again. */
class LastingTest {
  @Test
  void anErrorDoesNotEndIt() throws Exception {
    CountDownLatch times = new CountDownLatch(3);
    Runnable failing =
        () -> {
          times.countDown();
          throw new OutOfMemoryError("on purpose");
        };
    ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);
    try {
      timer.scheduleWithFixedDelay(new Lasting(failing), 1, 1, TimeUnit.MILLISECONDS);
      assertThat(times.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      timer.shutdownNow();
    }
  }
}
