package dev.postlude.server;

import dev.postlude.wire.ChildProgram;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what is promised in figures and depends on the machine, against a server with 512 MiB in
 * a process of its own; a line for each, and failure as the exit code when one is missed. The rules
 * behind them are tests: {@link PromisesTest}, {@link UnreadAnswersTest}, {@link LoadedAppTest}.
 *
 * <pre>
 * mvn -q -pl framework-core test-compile dependency:build-classpath -Dmdep.outputFile=target/cp
 * ulimit -n 20000
 * java -cp framework-core/target/test-classes:framework-core/target/classes:$(cat framework-core/target/cp) \
 *   dev.postlude.server.Figures
 * </pre>
 */
final class Figures {
  private static final int IDLE = 9_500;
  private static final int CLIENTS = 40;
  private static final int KIB = 1024;

  private final int port;
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
  private boolean well = true;

  private Figures(int port) {
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    try (ChildProgram program = ChildProgram.start(MeasuredApp.class, "-Xmx512m")) {
      String line = program.await(said -> said.startsWith("port "));
      Figures figures = new Figures(Integer.parseInt(line.substring(5)));
      figures.warmUp();
      figures.quickBehindHung();
      figures.burst();
      figures.latencyWithATask();
      figures.idleAndAborted();
      figures.clients.shutdownNow();
      program.terminate();
      long begin = System.nanoTime();
      boolean ended = program.awaitEnd(60);
      figures.tell("seconds to the end after SIGTERM", ended ? since(begin) / 1000 : 60, 25);
      System.exit(figures.well ? 0 : 1);
    }
  }

  private void tell(String what, double measured, double bound) {
    boolean kept = measured <= bound;
    well &= kept;
    System.out.printf(
        "%-60s %10.1f  (at most %.0f)%s%n", what, measured, bound, kept ? "" : "  MISSED");
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double percentile(List<Double> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
  }

  private interface Talk {
    void with(RawClient client) throws Exception;
  }

  private Future<Void> talk(Talk talk) {
    Callable<Void> one =
        () -> {
          try (RawClient client = RawClient.to(port)) {
            client.socket().setSoTimeout(60_000);
            talk.with(client);
          }
          return null;
        };
    return clients.submit(one);
  }

  private void inParallel(Talk talk) throws Exception {
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      all.add(talk(talk));
    }
    for (Future<Void> each : all) {
      each.get();
    }
  }

  /** Heap, direct memory, descriptors, threads, resident bytes, tasks that ran, quick ones. */
  private long[] taken() throws IOException {
    try (RawClient client = RawClient.to(port)) {
      client.socket().setSoTimeout(60_000);
      String numbers = client.send(Requests.get("/taken")).read().text();
      return Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
    }
  }

  private void warmUp() throws Exception {
    inParallel(
        client -> {
          for (int i = 0; i < 500; i++) {
            client.send(Requests.get("/")).read();
            client.send(Requests.post("/task", "")).read();
          }
        });
  }

  private List<Double> latencies(RawClient client, String request, int count) throws IOException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      client.send(request).read();
      millis.add(since(begin));
    }
    millis.sort(null);
    return millis;
  }

  private void latencyWithATask() throws Exception {
    talk(client -> {
          double without = percentile(latencies(client, Requests.get("/"), 200), 0.5);
          double with = percentile(latencies(client, Requests.post("/second", ""), 200), 0.5);
          tell("ms that a task of a second adds to the median", with - without, 1);
        })
        .get();
  }

  private void quickBehindHung() throws Exception {
    talk(client -> {
          for (int i = 0; i < 200; i++) {
            client.send(Requests.post("/hung", "")).read();
          }
          long before = taken()[6];
          long begin = System.nanoTime();
          for (int i = 0; i < 10; i++) {
            client.send(Requests.post("/quick", "")).read();
          }
          while (taken()[6] < before + 10 && since(begin) < 30_000) {
            TimeUnit.MILLISECONDS.sleep(10);
          }
          tell("ms until ten quick tasks ran behind 200 hung ones", since(begin), 1_000);
          client.send(Requests.post("/release", "")).read();
        })
        .get();
  }

  private void burst() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    AtomicLong running = new AtomicLong(CLIENTS);
    List<Double> millis = new ArrayList<>();
    Future<Void> bystander =
        talk(
            client -> {
              while (running.get() > 0) {
                millis.addAll(latencies(client, Requests.get("/"), 1));
              }
            });
    long ran = taken()[5];
    long begin = System.nanoTime();
    inParallel(
        client -> {
          for (int i = 0; i < 6_000 / CLIENTS; i++) {
            int status = client.send(Requests.post("/task?millis=40", "")).read().status();
            (status == 202 ? taken : status == 503 ? refused : others).incrementAndGet();
          }
          running.decrementAndGet();
        });
    double lasted = since(begin);
    bystander.get();
    millis.sort(null);
    while (taken()[5] < ran + taken.get() && since(begin) < 120_000) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    System.out.printf(
        "a burst of 6000 tasks of 40 ms: %d times 202, %d times 503, answered in %.0f ms, done in %.0f%n",
        taken.get(), refused.get(), lasted, since(begin));
    tell("answers that are neither 202 nor 503", others.get(), 0);
    tell(
        "tasks that were accepted and did not run", (double) (taken.get() - (taken()[5] - ran)), 0);
    tell("ms, 99th percentile of GET / meanwhile", percentile(millis, 0.99), 100);
  }

  private void idleAndAborted() throws Exception {
    taken();
    long[] base = taken();
    List<RawClient> idle = new ArrayList<>();
    AtomicInteger number = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    try {
      for (int i = 0; i < IDLE; i++) {
        RawClient client = RawClient.to(port);
        idle.add(client);
        client.send(Requests.get("/")).read();
      }
      long[] full = taken();
      tell(
          "KiB resident for each of 9500 idle connections",
          (full[4] - base[4]) / (double) (KIB * IDLE),
          10);
      inParallel(
          client -> {
            for (int i = 0; i < 5_000 / CLIENTS; i++) {
              come(number.getAndIncrement(), acknowledged);
            }
          });
      talk(client ->
              tell(
                  "ms, 99th percentile of GET / beside them",
                  percentile(latencies(client, Requests.get("/"), 2_000), 0.99),
                  100))
          .get();
    } finally {
      for (RawClient each : idle) {
        each.close();
      }
    }
    long begin = System.nanoTime();
    long[] after = taken();
    while ((after[2] > base[2] || after[5] < base[5] + acknowledged.get())
        && since(begin) < 20_000) {
      TimeUnit.MILLISECONDS.sleep(100);
      after = taken();
    }
    System.out.printf(
        "5000 tasks over 40 connections, every fifth aborted: %d acknowledged, %d ran%n",
        acknowledged.get(), after[5] - base[5]);
    tell(
        "acknowledged tasks that did not run",
        (double) (base[5] + acknowledged.get() - after[5]),
        0);
    tell("descriptors more than before", (double) (after[2] - base[2]), 0);
    tell(
        "KiB of heap and direct memory more than before",
        (after[0] + after[1] - base[0] - base[1]) / (double) KIB,
        4 * KIB);
    System.out.printf("threads: %d before, %d after%n", base[3], after[3]);
  }

  /** A client; every fifth of them leaves in the middle of something. */
  private void come(int number, AtomicInteger acknowledged) throws IOException {
    try (RawClient client = RawClient.to(port)) {
      client.socket().setSoTimeout(60_000);
      switch (number % 15) {
        case 0 -> client.send("POST /task HTTP/1.1\r\nHost: a\r\nContent-Le").reset();
        case 5 -> client.send(Requests.post("/task", "")).reset();
        case 10 -> {
          client.send(Requests.get("/bytes"));
          client.readBytes(100);
          client.reset();
        }
        default -> {
          if (client.send(Requests.post("/task", "")).read().status() == 202) {
            acknowledged.incrementAndGet();
          }
        }
      }
    }
  }
}
