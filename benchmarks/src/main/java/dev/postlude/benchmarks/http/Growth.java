package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the cost of our server grows with what it has to do: routes, connections, header fields, the
 * size of bodies, connections that do nothing. CPU time of the server process, in the default mode;
 * all sizes in turn, round by round.
 */
public final class Growth {
  private static final int ROUNDS = 3;
  private static final int SECONDS = 2;
  private static final int CONNECTIONS = 64;
  private static final int MOST_IDLE = 100_000;
  private static final long MEGABYTE = 1_000_000;
  private static final List<Integer> ROUTES = List.of(10, 100, 1_000, 10_000);
  private static final List<Integer> LOADED = List.of(1, 10, 100, 1_000, 10_000);
  private static final List<Integer> FIELDS = List.of(1, 4, 16, 64);
  private static final List<Long> BODIES = List.of(1_000L, 100_000L, 10 * MEGABYTE, 100 * MEGABYTE);

  private final Wrk wrk;
  private final Jdk jdk;
  private final Path directory;
  private final StringBuilder report = new StringBuilder();

  private Growth(Wrk wrk, Jdk jdk, Path directory) {
    this.wrk = wrk;
    this.jdk = jdk;
    this.directory = directory;
  }

  /** One size, measured once: what it cost, in the unit of its table. */
  private interface Measure {
    double run() throws IOException, InterruptedException;
  }

  /**
   * Runs it, and writes {@code growth.md} to {@code benchmarks/target/growth} or the directory that
   * is given.
   *
   * @return the status to exit with
   */
  public static int run(String[] arguments) throws IOException, InterruptedException {
    Path directory =
        Path.of(arguments.length == 0 ? "benchmarks/target/growth" : arguments[0]).toAbsolutePath();
    try {
      Files.createDirectories(directory);
      Growth growth = new Growth(Wrk.find("wrk", CONNECTIONS, directory), Jdk.newest(), directory);
      growth.routes();
      growth.onOneServer();
      growth.bodies();
      growth.idle();
      System.out.println("\n" + growth.report);
      Files.writeString(directory.resolve("growth.md"), growth.report);
      return 0;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return 2;
    }
  }

  private ServerProcess server(int routes, String heap) throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
    if (jdk.release() >= 22) {
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    Path log = directory.resolve("growth-" + routes + ".log");
    return ServerProcess.start(Candidate.growing(routes), jdk, flags, log);
  }

  private void routes() throws IOException, InterruptedException {
    List<ServerProcess> servers = new ArrayList<>();
    try {
      Map<String, Measure> measures = new LinkedHashMap<>();
      for (int routes : ROUTES) {
        ServerProcess server = server(routes, "256m");
        servers.add(server);
        String path = "/area" + (routes / 2) + "/items/4711";
        measures.put(number(routes), () -> answers(server, path, "", CONNECTIONS));
      }
      table("routes with a parameter", "µs CPU an answer", measures);
    } finally {
      servers.forEach(ServerProcess::close);
    }
  }

  private void onOneServer() throws IOException, InterruptedException {
    try (ServerProcess server = server(10, "512m")) {
      Map<String, Measure> loaded = new LinkedHashMap<>();
      for (int connections : LOADED) {
        if (connections <= IdleConnections.most()) {
          loaded.put(number(connections), () -> answers(server, "/plaintext", "", connections));
        }
      }
      table("connections, all of them busy", "µs CPU an answer, their opening included", loaded);
      Map<String, Measure> fields = new LinkedHashMap<>();
      for (int count : FIELDS) {
        String asking =
            IntStream.rangeClosed(1, count)
                .mapToObj(
                    "wrk.headers[\"X-Field-%1$d\"] = \"some value of field %1$d\"\n"::formatted)
                .collect(Collectors.joining());
        fields.put(number(count), () -> answers(server, "/plaintext", asking, CONNECTIONS));
      }
      table("header fields besides Host", "µs CPU an answer", fields);
    }
  }

  private void bodies() throws IOException, InterruptedException {
    try (ServerProcess server = server(1, "32m")) {
      Map<String, Measure> down = new LinkedHashMap<>();
      Map<String, Measure> up = new LinkedHashMap<>();
      for (long size : BODIES) {
        down.put(number(size), () -> transfers(server, size, false));
        up.put(number(size), () -> transfers(server, size, true));
      }
      table("bytes of a streamed answer, through a heap of 32 MB", "ms CPU a body", down);
      table("bytes of a streamed upload, through a heap of 32 MB", "ms CPU a body", up);
    }
  }

  private void idle() throws IOException, InterruptedException {
    int count = Math.min(MOST_IDLE, IdleConnections.most());
    try (ServerProcess server = server(1, "1g")) {
      answers(server, "/plaintext", "", CONNECTIONS);
      long heap = server.heapBytes();
      long resident = server.residentBytes();
      long grown;
      long grownResident;
      try (IdleConnections open = IdleConnections.open(server.port(), count)) {
        grown = server.heapBytes() - heap;
        grownResident = server.residentBytes() - resident;
      }
      report.append(
          String.format(
              Locale.ROOT,
              "%s idle connections: %d bytes of heap and %d bytes of resident memory each%n",
              number(count),
              grown / count,
              Math.max(0, grownResident) / count));
    }
  }

  private double answers(ServerProcess server, String path, String asking, int connections)
      throws IOException, InterruptedException {
    Duration before = server.cpu();
    Load load = wrk.run(server.port(), path, asking, connections, SECONDS);
    if (load.errors() > 0) {
      System.out.println(load.errors() + " errors with " + path + " and " + connections);
    }
    return server.cpu().minus(before).toNanos() / 1e3 / load.answers();
  }

  /** So many bodies of that size that their cost can be seen, one after the other. */
  private static double transfers(ServerProcess server, long size, boolean up) throws IOException {
    long bodies = Math.max(1, Math.min(2_000, 20 * MEGABYTE / size));
    Duration before = server.cpu();
    for (long i = 0; i < bodies; i++) {
      transfer(server.port(), size, up);
    }
    return server.cpu().minus(before).toNanos() / 1e6 / bodies;
  }

  private static void transfer(int port, long size, boolean up) throws IOException {
    String path = up ? "/bytes" : "/bytes/" + size;
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + Setup.HOST + ":" + port + path).toURL().openConnection();
    byte[] piece = new byte[64 * 1024];
    if (up) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(size);
      try (OutputStream out = connection.getOutputStream()) {
        for (long left = size; left > 0; left -= piece.length) {
          out.write(piece, 0, (int) Math.min(left, piece.length));
        }
      }
    }
    try (InputStream in = connection.getInputStream()) {
      long came = 0;
      for (int some; (some = in.read(piece)) >= 0; ) {
        came += some;
      }
      if (!up && came != size) {
        throw new IOException("asked for " + size + " bytes, and got " + came);
      }
    }
  }

  private void table(String what, String unit, Map<String, Measure> measures)
      throws IOException, InterruptedException {
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    for (Map.Entry<String, Measure> each : measures.entrySet()) {
      each.getValue().run(); // to warm up
      costs.put(each.getKey(), new ArrayList<>());
    }
    for (int round = 1; round <= ROUNDS; round++) {
      for (Map.Entry<String, Measure> each : measures.entrySet()) {
        double cost = each.getValue().run();
        costs.getOrDefault(each.getKey(), new ArrayList<>()).add(cost);
        System.out.printf(
            Locale.ROOT, "round %d  %s: %s  %.2f %s%n", round, what, each.getKey(), cost, unit);
      }
    }
    report.append("| ").append(what).append(" | ");
    report.append(String.join(" | ", costs.keySet())).append(" |\n|---|");
    report.append("--:|".repeat(costs.size())).append("\n| ").append(unit).append(" | ");
    report.append(
        costs.values().stream()
            .map(cost -> String.format(Locale.ROOT, "%.2f", median(cost)))
            .collect(Collectors.joining(" | ")));
    report.append(" |\n\n");
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
