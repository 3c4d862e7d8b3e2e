package dev.postlude.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postlude.background.BackgroundStats;
import dev.postlude.server.Http2Options;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was spoilt, on real connections: every conversation comes to its end, every answer is
 * well-formed and none is a server's error, every task is accounted for and every descriptor given
 * back, and others are served afterwards. (Buffers are counted as everywhere.)
 *
 * <p>{@code -Dpostlude.fuzz=1000000} sends so many requests or frames, {@code -Dpostlude.fuzz.seed}
 * others, and {@code -Dpostlude.fuzz.only} repeats the one conversation that a failure named.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS) // for as many as may be asked for
abstract class WireFuzz {
  private static final long SEED = Long.getLong("postlude.fuzz.seed", 20_261_121);
  private static final long ONLY = Long.getLong("postlude.fuzz.only", -1);
  private static final int CLIENTS = 16; // which mostly wait
  private static final int FAILURES = 5;
  private static final int PATIENCE_MILLIS = 30_000;

  private final long wanted;
  private final AtomicLong conversations = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong resets = new AtomicLong();
  private final Map<Integer, AtomicLong> answers = new TreeMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;

  /** So many requests or frames in every build. */
  WireFuzz(long usually) {
    wanted = Long.getLong("postlude.fuzz", usually);
  }

  /** Puts down what one client sends; returns how many requests or frames that is. */
  abstract int talk(Mutator mutator, ByteArrayOutputStream all);

  /**
   * The statuses of all answers.
   *
   * @throws IOException when anything is not as the protocol has it
   */
  abstract List<Integer> statusesOf(byte[] received) throws IOException;

  private Server serve() {
    return Loopback.serve(
        FuzzApp.of(folder), options -> options.http2(Http2Options.defaults().upgrade(true)));
  }

  @Test
  void whateverComesIsAnsweredOrRefused() throws Exception {
    Files.writeString(folder.resolve("page.txt"), "0123456789".repeat(200));
    serve().close(); // loads what stays open: classes, libraries
    long before = openFiles();
    Server server = serve();
    try (LogLines log = LogLines.of("dev.postlude")) {
      if (ONLY < 0) {
        converseAll(server);
      } else {
        converse(server, ONLY);
      }
      assertOthersAreServed(server);
      server.close();

      System.out.printf(
          "postlude.fuzz: %s, seed %d, %d sent on %d connections, answers %s, resets %s%n",
          getClass().getSimpleName(), SEED, sent.get(), conversations.get(), answers, resets);
      assertThat(failures).isEmpty();
      assertThat(resets.get()).isLessThanOrEqualTo(conversations.get() / 100);
      assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
    }
    assertThat(openFiles()).isLessThan(before + 16);
    assertAccounted(server.background().stats());
  }

  private static void assertOthersAreServed(Server server) throws IOException {
    try (RawClient client = RawClient.to(server);
        RawHttp2 http2 = RawHttp2.to(server)) {
      assertThat(client.send(Requests.get("/")).read().text()).isEqualTo("hello");
      assertThat(http2.reply(http2.get("/")).text()).isEqualTo("hello");
    }
  }

  private void converseAll(Server server) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<? extends Future<?>> all =
          IntStream.range(0, CLIENTS).mapToObj(i -> clients.submit(() -> some(server))).toList();
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private void some(Server server) {
    while (sent.get() < wanted && failures.size() < FAILURES) {
      converse(server, conversations.getAndIncrement());
    }
  }

  private void converse(Server server, long number) {
    Mutator mutator = new Mutator(SEED * 31 + number);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    sent.addAndGet(talk(mutator, all));
    byte[] bytes = all.toByteArray();
    byte[] received = {};
    try (RawClient client = RawClient.to(server)) {
      client.socket().setSoTimeout(PATIENCE_MILLIS);
      send(client, bytes, mutator);
      received = client.socket().getInputStream().readAllBytes();
      for (int status : statusesOf(received)) {
        count(status);
        if (status >= 500 && status != 501 && status != 505) {
          throw new IOException("status " + status);
        }
      }
    } catch (SocketException reset) {
      // Seen once on a busy machine. A refused client has a second to read on, then it is cut off.
      resets.incrementAndGet();
    } catch (IOException e) {
      failures.add(
          "conversation "
              + number
              + " of seed "
              + SEED
              + ": "
              + e
              + "\n  sent "
              + shown(bytes)
              + "\n  received "
              + shown(received));
    }
  }

  /** In one to four pieces, and then the end of the stream. */
  private static void send(RawClient client, byte[] bytes, Mutator mutator) throws IOException {
    int from = 0;
    for (int i = mutator.random().nextInt(4); i > 0; i--) {
      int to = from + mutator.random().nextInt(bytes.length - from + 1);
      client.send(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    client.send(Arrays.copyOfRange(bytes, from, bytes.length)).finish();
  }

  private void count(int status) {
    synchronized (answers) {
      answers.computeIfAbsent(status, each -> new AtomicLong()).incrementAndGet();
    }
  }

  private static String shown(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    new String(bytes, StandardCharsets.ISO_8859_1)
        .chars()
        .forEach(
            c ->
                shown.append(
                    c == '\r'
                        ? "\\r"
                        : c == '\n'
                            ? "\\n"
                            : c < ' ' || c > '~' ? String.format("\\x%02x", c) : (char) c + ""));
    return shown.toString();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private void assertAccounted(BackgroundStats stats) {
    AtomicLong accepted = answers.getOrDefault(202, new AtomicLong());
    stats
        .groups()
        .forEach(
            (name, group) -> {
              assertThat(group.submitted())
                  .as(name)
                  .isEqualTo(group.succeeded() + group.rejected() + group.skipped())
                  .isGreaterThanOrEqualTo(accepted.get());
              assertThat(group.succeeded()).isGreaterThanOrEqualTo(accepted.get());
            });
  }
}
