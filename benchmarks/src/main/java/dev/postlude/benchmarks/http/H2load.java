package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The load generator {@code h2load}, over HTTP/1.1, which sends at a fixed rate. {@code wrk} sends
 * as fast as it gets answers: what it sees of latency is how a full machine divides its time.
 */
final class H2load {
  private static final int CLIENTS = 20;

  private final String program;
  private final int rate;
  private final Path directory;

  private H2load(String program, int rate, Path directory) {
    this.program = program;
    this.rate = rate;
    this.directory = directory;
  }

  /**
   * Finds it, or says how to install it.
   *
   * @param program its name or path
   * @param rate requests a second, of all clients together
   * @param directory where to put its records
   */
  static Optional<H2load> find(String program, int rate, Path directory)
      throws InterruptedException {
    try {
      Process version = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
      version.waitFor();
      return Optional.of(new H2load(program, rate, directory));
    } catch (IOException e) {
      System.out.println(
          """

          !!! h2load is not installed: latency at a fixed rate is LEFT OUT. Install it:
            Debian, Ubuntu   apt-get install nghttp2-client
            Fedora           dnf install nghttp2
            macOS            brew install nghttp2
          or say where it is: --h2load PATH
          """);
      return Optional.empty();
    }
  }

  /** Whether a row is asked for at a fixed rate: the plain one, and the one with a task. */
  static boolean asks(Row row) {
    return row == Row.PLAINTEXT || row == Row.TASK;
  }

  /**
   * Asks a server on this machine.
   *
   * @throws IOException when an answer was no 2xx, or there was none
   */
  Latency run(int port, Row row, int seconds) throws IOException, InterruptedException {
    Path log = directory.resolve("h2load.log");
    Files.deleteIfExists(log);
    List<String> command =
        List.of(
            program,
            "--h1",
            "--threads=1",
            "--clients=" + CLIENTS,
            "--rps=" + rate / CLIENTS,
            "--duration=" + seconds,
            "--log-file=" + log,
            "http://" + Setup.HOST + ":" + port + row.path());
    Process h2load = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(h2load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    h2load.waitFor();
    if (!Files.exists(log)) {
      throw new IOException("h2load said: " + said);
    }
    try (Stream<String> lines = Files.lines(log)) {
      return read(lines);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage() + "; h2load said: " + said, e);
    }
  }

  /**
   * Reads its record: a line for each answer, with when it was asked for, its status and how long
   * it took, in microseconds.
   *
   * @throws IllegalArgumentException when there was none, or one that was no 2xx
   */
  static Latency read(Stream<String> lines) {
    long[] micros =
        lines
            .map(line -> line.split("\t", 3))
            .mapToLong(
                answer -> {
                  if (answer.length < 3 || !answer[1].startsWith("2")) {
                    throw new IllegalArgumentException("an answer was no 2xx");
                  }
                  return Long.parseLong(answer[2]);
                })
            .sorted()
            .toArray();
    if (micros.length == 0) {
      throw new IllegalArgumentException("nothing was answered");
    }
    return Latency.of(micros);
  }
}
