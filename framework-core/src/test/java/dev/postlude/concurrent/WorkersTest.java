package dev.postlude.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

  private final ExecutorService workers = Threads.workers("test-", 3);
  private final AtomicInteger made = new AtomicInteger();
  private final ExecutorService pool =
      new Pool(
          task -> {
            made.incrementAndGet();
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          },
          3);

  @AfterEach
  void close() {
    workers.shutdownNow();
    pool.shutdownNow();
  }

  @Test
  void workersAreNumberedDaemonsAndVirtualWhereTheJdkHasThem() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    workers.execute(() -> thread.complete(Thread.currentThread()));
    assertThat(thread.get(20, TimeUnit.SECONDS).getName()).isEqualTo("test-1");
    assertThat(thread.join().isDaemon()).isTrue();
    assertThat(thread.join().toString().startsWith("VirtualThread"))
        .isEqualTo(Threads.areVirtual())
        .isEqualTo(Runtime.version().feature() >= 21);
  }

  @Test
  void workersInheritNoThreadLocals() throws Exception {
    INHERITED.set("mine");
    try {
      CompletableFuture<String> seen = new CompletableFuture<>();
      workers.execute(() -> seen.complete("" + INHERITED.get()));
      assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("null");
    } finally {
      INHERITED.remove();
    }
  }

  @Test
  void workersThatWereShutDownTakeNothingOn() {
    workers.shutdown();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> workers.execute(() -> {}));
    pool.shutdown();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.execute(() -> {}));
  }

  @Test
  void aPoolGrowsBeforeItQueuesAndQueuesBeforeItRefuses() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(10);
    Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
    for (int i = 0; i < 10; i++) {
      pool.execute(
          () -> {
            threads.add(Thread.currentThread());
            inside.countDown();
            await(go);
            done.countDown();
          });
    }
    await(inside);
    assertThat(threads).hasSize(3);
    go.countDown();
    await(done);
    assertThat(threads).hasSize(3);
  }

  @RepeatedTest(20)
  void aPoolTakesAnIdleThreadRatherThanANewOne() throws Exception {
    for (int i = 0; i < 50; i++) {
      CountDownLatch done = new CountDownLatch(1);
      pool.execute(done::countDown);
      await(done);
    }
    assertThat(made).hasValueLessThanOrEqualTo(3);
  }

  @RepeatedTest(20)
  void aPoolLosesNothingUnderLoad() throws Exception {
    CountDownLatch done = new CountDownLatch(4_000);
    Runnable submit =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            pool.execute(done::countDown);
          }
        };
    for (int i = 0; i < 4; i++) {
      new Thread(submit).start();
    }
    await(done);
    assertThat(made).hasValueLessThanOrEqualTo(3);
  }

  @Test
  void aPoolOfNoThreadsIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Threads.workers("test-", 0));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
