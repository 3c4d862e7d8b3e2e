package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutstandingTest {
  private final Outstanding<Integer> outstanding = new Outstanding<>(Comparator.naturalOrder());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static long inAMinute() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void theOldestAreListedFirst() {
    List.of(3, 1, 2).forEach(outstanding::add);
    assertThat(outstanding.list()).containsExactly(1, 2, 3);
  }

  @Test
  void whoDrainsGetsWhatIsLeftAndNothingIsTakenOnAfterwards() {
    List.of(2, 1).forEach(outstanding::add);
    assertThat(outstanding.drain(System::nanoTime)).containsExactly(1, 2);
    assertThat(outstanding.add(3)).isFalse();
    assertThat(outstanding.isClosed()).isTrue();
    assertThat(outstanding.list()).isEmpty();
  }

  /** As that of a concurrent map may be wrong, while others are taken on and removed. */
  private static final class Miscounted extends AbstractSet<Integer> {
    private final Set<Integer> items = ConcurrentHashMap.newKeySet();
    private boolean wrong = true;

    @Override
    public boolean add(Integer item) {
      return items.add(item);
    }

    @Override
    public Iterator<Integer> iterator() {
      return items.iterator();
    }

    @Override
    public int size() {
      int size = wrong ? 0 : items.size();
      wrong = false;
      return size;
    }
  }

  @Test
  void aCountThatIsWrongForAMomentLosesNothing() {
    Outstanding<Integer> miscounted =
        new Outstanding<>(Comparator.naturalOrder(), new Miscounted());
    miscounted.add(1);
    assertThat(miscounted.drain(System::nanoTime)).containsExactly(1);
  }

  @Test
  void anInterruptionEndsTheWaitAndStaysWithTheThread() {
    outstanding.add(1);
    Thread.currentThread().interrupt();
    assertThat(outstanding.drain(OutstandingTest::inAMinute)).containsExactly(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @RepeatedTest(200) // the last two go at the same time as somebody begins to wait
  void whoeverGoesLastEndsTheWait() throws Exception {
    outstanding.add(1);
    outstanding.add(2);
    var together = new CyclicBarrier(3);
    Future<Boolean> waits =
        threads.submit(
            () -> {
              together.await();
              return outstanding.awaitNone(OutstandingTest::inAMinute);
            });
    for (int item : List.of(1, 2)) {
      threads.submit(
          () -> {
            together.await();
            outstanding.remove(item);
            return null;
          });
    }
    assertThat(waits.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @RepeatedTest(50) // three threads take on and remove, while a fourth ends it
  void eachOneEndsOnceHoweverTheEndComes() throws Exception {
    Queue<Integer> ended = new ConcurrentLinkedQueue<>();
    var taken = new AtomicInteger();
    var number = new AtomicInteger();
    var refused = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      threads.submit(
          () -> {
            int item = number.incrementAndGet();
            for (; outstanding.add(item); item = number.incrementAndGet()) {
              taken.incrementAndGet();
              if (item % 7 != 0) { // the others are never removed
                outstanding.remove(item);
                ended.add(item);
              }
            }
            refused.countDown();
          });
    }
    while (number.get() < 1000) {
      Thread.onSpinWait();
    }
    List<Integer> left = outstanding.drain(System::nanoTime);
    assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(left.stream().filter(item -> item % 7 == 0)).doesNotHaveDuplicates();
    assertThat(left.stream().filter(item -> item % 7 == 0).count() + ended.size())
        .isEqualTo(taken.get());
    assertThat(outstanding.list()).isEmpty();
  }

  @RepeatedTest(50) // one comes while the end is being waited for, and ends by itself
  void whatComesBeforeTheEndIsWaitedForOrRefused() throws Exception {
    outstanding.add(0);
    var together = new CyclicBarrier(2);
    Future<List<Integer>> left =
        threads.submit(
            () -> {
              together.await();
              return outstanding.drain(OutstandingTest::inAMinute);
            });
    together.await();
    outstanding.remove(0);
    for (int item = 1; item < 1000 && outstanding.add(item); item++) {
      outstanding.remove(item);
    }
    assertThat(left.get(20, TimeUnit.SECONDS)).isEmpty();
  }
}
