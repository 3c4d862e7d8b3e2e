package dev.postlude.benchmarks.queue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures queues on SQLite, one after the other, and prints a table.
 *
 * <p>{@code java -cp ... dev.postlude.benchmarks.queue.QueueComparison [FOLDER [NAME...]]}; the
 * folder says which disk.
 */
public final class QueueComparison {
  private static final int TASKS = 3_000;
  private static final int WARM_UP = 500;
  private static final int CLIENTS = 32;
  private static final int SINGLE = 100;
  private static final long PATIENCE = 300;

  private QueueComparison() {}

  /** Makes one of those that are compared. */
  private interface Maker {
    DurableQueue make() throws ReflectiveOperationException;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder =
        Files.createTempDirectory(
            Path.of(arguments.length > 0 ? arguments[0] : "."), "queue-comparison");
    Map<String, Maker> all = new LinkedHashMap<>();
    all.put("Postlude", PostludeQueue::new);
    all.put("db-scheduler", PlainDbScheduler::new);
    // Compiled in the profile that brings JobRunr along, and missing elsewhere.
    all.put(
        "JobRunr",
        () ->
            Class.forName("dev.postlude.benchmarks.queue.JobRunrQueue")
                .asSubclass(DurableQueue.class)
                .getDeclaredConstructor()
                .newInstance());
    System.out.println("| | stored/s | run/s | median until it runs | 99 % |");
    System.out.println("|---|---|---|---|---|");
    int number = 0;
    for (Map.Entry<String, Maker> each : all.entrySet()) {
      Path file = folder.resolve("queue-" + ++number);
      if (arguments.length < 2 || Arrays.asList(arguments).contains(each.getKey())) {
        measure(each.getKey(), each.getValue(), file);
      }
    }
  }

  private static void measure(String name, Maker maker, Path file) throws Exception {
    Path warm = Path.of(file + "-warm.db");
    stored(maker, warm, WARM_UP);
    run(maker, warm, WARM_UP);
    Path hot = Path.of(file + ".db");
    double stored = stored(maker, hot, TASKS);
    double run = run(maker, hot, TASKS);
    long[] waits = waits(maker, Path.of(file + "-single.db"));
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %,.1f ms | %,.1f ms |%n",
        name,
        stored,
        run,
        waits[waits.length / 2] / 1e6,
        waits[waits.length * 99 / 100] / 1e6);
  }

  /**
   * Stores tasks by many threads, each of which waits for its own, and returns how many a second.
   */
  private static double stored(Maker maker, Path file, int tasks) throws Exception {
    try (DurableQueue queue = maker.make()) {
      queue.open(file, false, number -> {});
      AtomicInteger next = new AtomicInteger();
      CountDownLatch ready = new CountDownLatch(CLIENTS);
      CountDownLatch done = new CountDownLatch(tasks);
      Thread[] clients = new Thread[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        clients[i] =
            new Thread(
                () -> {
                  ready.countDown();
                  for (int n = next.incrementAndGet(); n <= tasks; n = next.incrementAndGet()) {
                    try {
                      queue.enqueue(n);
                      done.countDown();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  }
                });
        clients[i].start();
      }
      ready.await();
      long begun = System.nanoTime();
      await(done);
      return perSecond(tasks, begun);
    }
  }

  /** Runs what is stored, and returns how many a second. */
  private static double run(Maker maker, Path file, int tasks) throws Exception {
    CountDownLatch done = new CountDownLatch(tasks);
    try (DurableQueue queue = maker.make()) {
      long begun = System.nanoTime();
      queue.open(file, true, number -> done.countDown());
      await(done);
      return perSecond(tasks, begun);
    }
  }

  /**
   * Stores one task after the other, for a minute at most, and returns, sorted, how long each took
   * until it ran.
   */
  private static long[] waits(Maker maker, Path file) throws Exception {
    SynchronousQueue<Long> started = new SynchronousQueue<>();
    try (DurableQueue queue = maker.make()) {
      queue.open(
          file,
          true,
          number -> {
            try {
              started.put(System.nanoTime());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      long[] waits = new long[SINGLE];
      int counted = 0;
      long enough = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      for (int i = 0; i < SINGLE && System.nanoTime() < enough; i++) {
        long begun = System.nanoTime();
        queue.enqueue(1_000_000 + i);
        Long at = started.poll(PATIENCE, TimeUnit.SECONDS);
        if (at == null) {
          throw new IllegalStateException("a task did not run within " + PATIENCE + " s");
        }
        waits[counted++] = at - begun;
      }
      waits = Arrays.copyOf(waits, counted);
      Arrays.sort(waits);
      return waits;
    }
  }

  private static void await(CountDownLatch done) throws InterruptedException {
    if (!done.await(PATIENCE, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.getCount() + " tasks are missing");
    }
  }

  private static double perSecond(int tasks, long begun) {
    return tasks / ((System.nanoTime() - begun) / 1e9);
  }
}
