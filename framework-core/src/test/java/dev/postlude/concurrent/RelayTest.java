package dev.postlude.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RelayTest {
  private final AtomicInteger threads = new AtomicInteger();
  private final Relay relay =
      new Relay(
          task -> {
            threads.incrementAndGet();
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, error) -> {});
            return thread;
          });

  @AfterEach
  void close() {
    relay.shutdownNow();
  }

  @Test
  void tasksThatBlockHoldNobodyBack() {
    CountDownLatch inside = new CountDownLatch(100);
    CountDownLatch go = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      relay.execute(
          () -> {
            inside.countDown();
            await(go);
          });
    }
    await(inside);
    CountDownLatch last = new CountDownLatch(1);
    relay.execute(last::countDown);
    await(last);
    go.countDown();
  }

  /** A runner that has no memory left when it begins, as a set that it is put into finds out. */
  private static final class Failing extends Thread {
    private final AtomicBoolean fails;

    Failing(Runnable task, AtomicBoolean fails) {
      super(task);
      this.fails = fails;
    }

    @Override
    public int hashCode() {
      if (currentThread() == this && fails.getAndSet(false)) {
        throw new OutOfMemoryError("on purpose");
      }
      return System.identityHashCode(this);
    }
  }

  @Test
  void aRunnerThatFailsBeforeItsFirstTaskIsFollowedByAnother() {
    AtomicBoolean fails = new AtomicBoolean(true);
    Relay failing =
        new Relay(
            task -> {
              Thread thread = new Failing(task, fails);
              thread.setDaemon(true);
              thread.setUncaughtExceptionHandler((failed, error) -> {});
              return thread;
            });
    CountDownLatch done = new CountDownLatch(1);
    failing.execute(done::countDown);
    await(done);
    assertThat(fails).isFalse();
    failing.shutdown();
  }

  @Test
  void aTaskMayWaitForTheOneAfterIt() {
    CountDownLatch later = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    relay.execute(
        () -> {
          relay.execute(later::countDown);
          await(later);
          done.countDown();
        });
    await(done);
  }

  /** As from a machine that has no more threads, for as long as {@code none} says so. */
  private Relay without(AtomicBoolean none) {
    return new Relay(
        task -> {
          if (none.get()) {
            throw new OutOfMemoryError("no more threads");
          }
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Test
  void aTaskForWhichNoThreadCanBeStartedIsRefusedAndNotRunLater() {
    AtomicBoolean none = new AtomicBoolean(true);
    Relay relay = without(none);
    AtomicInteger runs = new AtomicInteger();
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> relay.execute(runs::incrementAndGet));
    none.set(false);
    CountDownLatch next = new CountDownLatch(1);
    relay.execute(next::countDown);
    await(next);
    relay.shutdown();
    assertThat(runs).hasValue(0);
  }

  @Test
  void aRunnerThatCannotBeFollowedDoesEverythingItself() {
    AtomicBoolean none = new AtomicBoolean();
    Relay relay = without(none);
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    relay.execute(
        () -> {
          begun.countDown();
          await(go);
        });
    await(begun);
    none.set(true);
    for (int i = 0; i < 200; i++) { // more than one turn of a runner
      int number = i;
      relay.enqueue(() -> ran.add(number));
    }
    relay.enqueue(done::countDown);
    go.countDown();
    await(done);
    assertThat(ran).containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    relay.shutdown();
  }

  @RepeatedTest(20)
  void nothingIsLostUnderLoadAndFewThreadsAreStarted() throws Exception {
    CountDownLatch done = new CountDownLatch(4_000);
    Runnable submit =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            relay.execute(done::countDown);
          }
        };
    for (int i = 0; i < 4; i++) {
      new Thread(submit).start();
    }
    await(done);
    relay.shutdown();
    assertThat(relay.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(threads.get()).isBetween(4_000 / 64, 4_000);
  }

  @Test
  void aTaskThatFailsIsNobodyElsesTrouble() {
    CountDownLatch done = new CountDownLatch(2);
    relay.execute(
        () -> {
          relay.execute(done::countDown);
          relay.execute(done::countDown);
          throw new IllegalStateException("a failure");
        });
    await(done);
  }

  @Test
  void anInterruptionDoesNotReachTheNextTask() throws Exception {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    CountDownLatch queued = new CountDownLatch(1);
    Relay one = new Relay(OneAtATime::new);
    one.execute(
        () -> {
          await(queued);
          Thread.currentThread().interrupt();
        });
    one.execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
    queued.countDown();
    assertThat(seen.get(20, TimeUnit.SECONDS)).isFalse();
  }

  /** A thread that can run only when the one before it has ended, as on a single processor. */
  private static final class OneAtATime extends Thread {
    private static final Object PROCESSOR = new Object();

    OneAtATime(Runnable task) {
      super(
          () -> {
            synchronized (PROCESSOR) {
              task.run();
            }
          });
      setDaemon(true);
    }
  }

  @Test
  void whatTasksHaveMadeIsBroughtBackInOneGoByTheWorkerThatRunsOutOfThem() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch queued = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(3);
    Relay one = new Relay(OneAtATime::new);
    one.execute(() -> await(queued));
    for (int i = 1; i <= 3; i++) {
      String name = "task " + i;
      one.execute(
          () -> {
            order.add(name);
            one.bringBack(
                () -> {
                  order.add("from " + name);
                  done.countDown();
                });
          });
    }
    queued.countDown();
    await(done);
    assertThat(order)
        .containsExactly("task 1", "task 2", "task 3", "from task 1", "from task 2", "from task 3");
  }

  @Test
  void whatATaskHasMadeIsBroughtBackByTheNextRunnerBeforeItTakesATask() {
    CountDownLatch queued = new CountDownLatch(1);
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(3);
    Iterator<CountDownLatch> begins =
        List.of(new CountDownLatch(0), blocked, back, back, back).iterator();
    Relay gated = new Relay(task -> waiting(begins.next(), task));
    gated.execute(
        () -> {
          await(queued);
          gated.bringBack(back::countDown);
        });
    for (int i = 0; i < 3; i++) {
      gated.execute(
          () -> {
            blocked.countDown();
            await(back);
            done.countDown();
          });
    }
    queued.countDown();
    await(done);
  }

  private static Thread waiting(CountDownLatch begin, Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              await(begin);
              task.run();
            });
    thread.setDaemon(true);
    return thread;
  }

  @RepeatedTest(1_000)
  void whatATaskHasMadeWaitsForNoTaskThatBlocks() {
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(2);
    relay.execute(() -> relay.bringBack(back::countDown));
    for (int i = 0; i < 2; i++) {
      relay.execute(
          () -> {
            await(back);
            done.countDown();
          });
    }
    await(done);
  }

  @Test
  void whatAFailedTaskHasMadeIsBroughtBackToo() {
    CountDownLatch back = new CountDownLatch(1);
    relay.execute(
        () -> {
          relay.bringBack(back::countDown);
          throw new IllegalStateException("a failure");
        });
    await(back);
  }

  @Test
  void whoIsNoWorkerBringsBackAtOnce() {
    CountDownLatch back = new CountDownLatch(1);
    relay.bringBack(back::countDown);
    assertThat(back.getCount()).isZero();
  }

  @Test
  void whatWasTakenOnRunsAfterAShutdown() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      relay.execute(
          () -> {
            await(go);
            done.countDown();
          });
    }
    relay.shutdown();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> relay.execute(() -> {}));
    assertThat(relay.isShutdown()).isTrue();
    assertThat(relay.isTerminated()).isFalse();
    go.countDown();
    assertThat(relay.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    await(done);
  }

  @Test
  void aShutdownThatCannotWaitInterrupts() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    relay.execute(
        () -> {
          inside.countDown();
          try {
            new CountDownLatch(1).await();
            interrupted.complete(false);
          } catch (InterruptedException expected) {
            interrupted.complete(true);
          }
        });
    await(inside);
    List<Runnable> never = relay.shutdownNow();
    assertThat(never).isEmpty();
    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(relay.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(relay.isTerminated()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
