package dev.postlude.benchmarks.http;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the command line asks for. */
final class Options {
  static final String USAGE =
      """
      http [--quick] [--peers a,b] [--rows a,b] [--rounds 5] [--seconds 3] [--warm-up 4] [--starts 5]
           [--connections 64] [--rate 20000] [--jdk DIRECTORY] [--java-options "..."]
           [--wrk PATH] [--h2load PATH] [--out DIRECTORY]

        --quick         a smoke run: one round of one second, a warm-up of one second, one start
        --peers         %s
        --rows          %s
        --rounds        how often everything is measured, in rotation
        --seconds       how long each measurement takes
        --warm-up       how many seconds each row of each peer is loaded beforehand, and again up to
                        five times until 100,000 answers have come
        --starts        how often each peer is started, for the time to the first answer
        --rate          how many requests a second are sent where latency at a fixed rate is measured
        --jdk           the Java to run all peers on; by default the newest that is found
        --java-options  more flags for the JVMs of all peers
        --out           where results.md, results.json and chart.svg go
      """
          .formatted(
              String.join(",", Candidate.ALL.stream().map(Candidate::key).toList()),
              String.join(",", Arrays.stream(Row.values()).map(Row::key).toList()));

  private List<Candidate> candidates = Candidate.ALL;
  private List<Row> rows = List.of(Row.values());
  private int rounds = 5;
  private int seconds = 3;
  private int warmUp = 4;
  private int warmAnswers = 100_000;
  private int starts = 5;
  private int connections = 64;
  private int rate = 20_000;
  private Optional<Path> jdk = Optional.empty();
  private List<String> javaOptions = List.of();
  private String wrk = "wrk";
  private String h2load = "h2load";
  private Path out = Path.of("benchmarks", "target", "comparison");

  private Options() {}

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException when it asks for something that there is not
   */
  static Options parse(String[] arguments) {
    Options options = new Options();
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      options.take(left.removeFirst(), left);
    }
    return options;
  }

  private void take(String name, Deque<String> left) {
    if (name.equals("--quick")) {
      rounds = 1;
      seconds = 1;
      warmUp = 1;
      warmAnswers = 0;
      starts = 1;
      return;
    }
    if (left.isEmpty()) {
      throw new IllegalArgumentException(name + " is unknown or lacks its value");
    }
    String value = left.removeFirst();
    switch (name) {
      case "--peers" -> candidates = withBase(each(value, Candidate.ALL, Candidate::key));
      case "--rows" -> rows = each(value, List.of(Row.values()), Row::key);
      case "--rounds" -> rounds = number(name, value, 1);
      case "--seconds" -> seconds = number(name, value, 1);
      case "--warm-up" -> warmUp = number(name, value, 0);
      case "--starts" -> starts = number(name, value, 1);
      case "--connections" -> connections = number(name, value, 1);
      case "--rate" -> rate = number(name, value, 20);
      case "--jdk" -> jdk = Optional.of(Path.of(value));
      case "--java-options" -> javaOptions = List.of(value.strip().split("\\s+"));
      case "--wrk" -> wrk = value;
      case "--h2load" -> h2load = value;
      case "--out" -> out = Path.of(value);
      default -> throw new IllegalArgumentException(name + " is unknown");
    }
  }

  /** Without the one that all are compared with there would be nothing to say. */
  private static List<Candidate> withBase(List<Candidate> chosen) {
    List<Candidate> all = new ArrayList<>(chosen);
    if (!all.contains(Candidate.BASE)) {
      all.add(0, Candidate.BASE);
    }
    return all;
  }

  private static <T> List<T> each(String keys, List<T> all, Function<T, String> key) {
    return Arrays.stream(keys.split(",", -1))
        .map(
            wanted ->
                all.stream()
                    .filter(one -> key.apply(one).equals(wanted))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                wanted + " is none of " + all.stream().map(key).toList())))
        .toList();
  }

  private static int number(String name, String value, int least) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        name + " takes a number from " + least + " on, not " + value);
  }

  List<Candidate> candidates() {
    return candidates;
  }

  List<Row> rows() {
    return rows;
  }

  int rounds() {
    return rounds;
  }

  int seconds() {
    return seconds;
  }

  int warmUp() {
    return warmUp;
  }

  /**
   * How many answers the JVM's compilers want to have seen: on a busy machine a warm-up that is
   * over by the clock has warmed nothing.
   */
  int warmAnswers() {
    return warmAnswers;
  }

  int starts() {
    return starts;
  }

  int connections() {
    return connections;
  }

  int rate() {
    return rate;
  }

  Optional<Path> jdk() {
    return jdk;
  }

  List<String> javaOptions() {
    return javaOptions;
  }

  String wrk() {
    return wrk;
  }

  String h2load() {
    return h2load;
  }

  Path out() {
    return out;
  }
}
