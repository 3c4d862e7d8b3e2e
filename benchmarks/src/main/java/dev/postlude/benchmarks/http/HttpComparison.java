package dev.postlude.benchmarks.http;

import dev.postlude.benchmarks.http.Answers.Answer;
import dev.postlude.benchmarks.http.Results.Footprint;
import dev.postlude.benchmarks.http.Results.Paced;
import dev.postlude.benchmarks.http.Results.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Compares HTTP servers on this machine.
 *
 * <p>All peers are up at the same time and idle but for the one whose turn it is; a round measures
 * every row of every peer once, and each round begins with another peer. A peer's CPU time is
 * compared with raw Netty's of the same round and row.
 */
public final class HttpComparison {
  private static final int MOST_WARM_UPS = 5;

  private final Options options;
  private final Jdk jdk;
  private final List<String> flags;
  private final Wrk wrk;
  private final Optional<H2load> h2load;
  private final Results results = new Results();
  private final Map<Candidate, ServerProcess> servers = new LinkedHashMap<>();
  private final Map<Candidate, Long> idleResident = new LinkedHashMap<>();

  private HttpComparison(
      Options options, Jdk jdk, List<String> flags, Wrk wrk, Optional<H2load> h2load) {
    this.options = options;
    this.jdk = jdk;
    this.flags = flags;
    this.wrk = wrk;
    this.h2load = h2load;
  }

  /**
   * Runs it.
   *
   * @return the status to exit with
   */
  public static int run(String[] arguments) throws IOException, InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return 0;
    }
    try {
      Options options = Options.parse(arguments);
      Files.createDirectories(options.out());
      Wrk wrk = Wrk.find(options.wrk(), options.connections(), options.out());
      Optional<H2load> h2load = H2load.find(options.h2load(), options.rate(), options.out());
      Jdk jdk = options.jdk().map(Jdk::at).orElseGet(Jdk::newest);
      return compare(options, jdk, wrk, h2load) ? 0 : 1;
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage());
      return 2;
    }
  }

  private static boolean compare(Options options, Jdk jdk, Wrk wrk, Optional<H2load> h2load)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(List.of("-Xms512m", "-Xmx512m"));
    if (jdk.release() >= 22) {
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    flags.addAll(options.javaOptions());
    Map<String, String> conditions = Conditions.describe(options, jdk, flags);
    conditions.forEach((name, value) -> System.out.println(name + ": " + value));
    HttpComparison comparison = new HttpComparison(options, jdk, flags, wrk, h2load);
    try {
      comparison.startAll();
      Progress progress = new Progress(comparison.plannedSeconds());
      comparison.warmUp(progress);
      for (int round = 1; round <= options.rounds(); round++) {
        comparison.round(round, progress);
        comparison.write(conditions); // so that whoever loses patience has something
      }
      comparison.weigh();
    } finally {
      comparison.servers.values().forEach(ServerProcess::close);
    }
    System.out.println("\n" + comparison.write(conditions));
    System.out.println("The chart and all numbers: " + options.out().toAbsolutePath());
    return comparison.results.leftOut().isEmpty();
  }

  private void startAll() throws IOException, InterruptedException {
    List<Candidate> able = new ArrayList<>();
    for (Candidate candidate : options.candidates()) {
      if (!candidate.isThere()) {
        leaveOut(
            candidate,
            "not in this jar: build it with the profile benchmarks, on JDK "
                + candidate.release()
                + " or newer");
      } else if (jdk.release() < candidate.release()) {
        leaveOut(
            candidate,
            "it needs JDK " + candidate.release() + " or newer, and this is " + jdk.version());
      } else {
        able.add(candidate);
      }
    }
    for (int start = 1; start <= options.starts(); start++) {
      Collections.rotate(able, 1);
      for (Candidate candidate : List.copyOf(able)) {
        if (!start(candidate, start == options.starts())) {
          able.remove(candidate);
        }
      }
    }
  }

  /** Starts a peer and lets it go again, unless it is the last time. */
  private boolean start(Candidate candidate, boolean keep) throws InterruptedException {
    Path log = options.out().resolve(candidate.key() + ".log");
    try {
      ServerProcess server = ServerProcess.start(candidate, jdk, flags, log);
      results.started(candidate, server.startUp());
      System.out.printf(
          Locale.ROOT, "%s answers after %d ms%n", candidate.title(), server.startUp().toMillis());
      if (keep) {
        idleResident.put(candidate, server.residentBytes());
        servers.put(candidate, server);
        for (Row row : options.rows()) {
          Answers.ask(server.port(), row);
        }
      } else {
        server.close();
      }
      return true;
    } catch (IOException e) {
      leaveOut(candidate, "it failed: " + e.getMessage());
      servers.remove(candidate);
      return false;
    }
  }

  private void leaveOut(Candidate candidate, String why) {
    results.leaveOut(candidate, why);
    System.out.println("\n!!! " + candidate.title() + " is LEFT OUT: " + why + "\n");
  }

  private int plannedSeconds() {
    int each = options.warmUp() + options.rounds() * options.seconds();
    long paced = h2load.isEmpty() ? 0 : options.rows().stream().filter(H2load::asks).count();
    int loaded = options.rows().size() * each;
    return servers.size() * (loaded + (int) paced * options.rounds() * options.seconds());
  }

  private void warmUp(Progress progress) throws IOException, InterruptedException {
    if (options.warmUp() == 0) {
      return;
    }
    for (Row row : options.rows()) {
      for (ServerProcess server : servers.values()) {
        long answers = 0;
        for (int i = 0; i == 0 || (answers < options.warmAnswers() && i < MOST_WARM_UPS); i++) {
          answers += wrk.run(server.port(), row, options.warmUp()).answers();
        }
        server.awaitTasks();
        String what = "warm-up  %-10s %s".formatted(row.key(), server.candidate().title());
        progress.step(options.warmUp(), what);
      }
    }
  }

  private void round(int round, Progress progress) throws IOException, InterruptedException {
    List<ServerProcess> order = new ArrayList<>(servers.values());
    Collections.rotate(order, round - 1);
    for (Row row : options.rows()) {
      for (ServerProcess server : order) {
        Sample sample = measure(round, row, server);
        results.add(sample);
        progress.step(
            options.seconds(),
            "round %d  %-10s %-24s %7.1f µs  %9.0f/s  p99 %6.1f ms"
                .formatted(
                    round,
                    row.key(),
                    server.candidate().title(),
                    sample.cpuMicros(),
                    sample.load().perSecond(),
                    sample.load().p99()));
      }
    }
    if (h2load.isPresent()) {
      pace(h2load.get(), round, order, progress);
    }
  }

  /** Measures latency where nobody is short of time. */
  private void pace(H2load load, int round, List<ServerProcess> order, Progress progress)
      throws IOException, InterruptedException {
    for (Row row : options.rows().stream().filter(H2load::asks).toList()) {
      for (ServerProcess server : order) {
        Latency latency = load.run(server.port(), row, options.seconds());
        server.awaitTasks();
        results.add(new Paced(round, row, server.candidate(), latency));
        progress.step(
            options.seconds(),
            "round %d  %-10s %-24s at %,d/s  p99 %6.1f ms"
                .formatted(
                    round, row.key(), server.candidate().title(), options.rate(), latency.p99()));
      }
    }
  }

  private Sample measure(int round, Row row, ServerProcess server)
      throws IOException, InterruptedException {
    long tasks = server.tasks().done();
    Duration before = server.cpu();
    Load load = wrk.run(server.port(), row, options.seconds());
    Duration drain = server.awaitTasks();
    Duration spent = server.cpu().minus(before);
    if (row == Row.TASK && server.tasks().done() - tasks < load.answers()) {
      throw new IOException(
          server.candidate().title() + " answered more often than it ran the task");
    }
    double micros = spent.toNanos() / 1e3 / load.answers();
    double drainMillis = row == Row.TASK ? drain.toNanos() / 1e6 : 0;
    return new Sample(round, row, server.candidate(), load, micros, drainMillis);
  }

  private void weigh() throws IOException {
    for (ServerProcess server : servers.values()) {
      int size = Answers.ask(server.port(), Row.PLAINTEXT).map(Answer::size).orElse(0);
      long resident = server.residentBytes();
      results.footprint(
          server.candidate(),
          new Footprint(
              idleResident.getOrDefault(server.candidate(), 0L),
              resident,
              server.heapBytes(),
              size,
              refusals(server.port())));
    }
  }

  /** Of a blank in a field's name and a control character in its value, how many are refused. */
  private static int refusals(int port) throws IOException {
    int refusals = Answers.refuses(port, "Bad Name: x") ? 1 : 0;
    return Answers.refuses(port, "Name: bad\u0001value") ? refusals + 1 : refusals;
  }

  private String write(Map<String, String> conditions) throws IOException {
    String tables = MarkdownReport.write(results, options.rows(), conditions);
    Files.writeString(options.out().resolve("results.md"), tables);
    Files.writeString(options.out().resolve("results.json"), JsonReport.write(results, conditions));
    Files.writeString(options.out().resolve("chart.svg"), Chart.draw(results, options.rows()));
    return tables;
  }
}
