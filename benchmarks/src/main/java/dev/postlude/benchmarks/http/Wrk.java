package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The load generator {@code wrk}, one thread of it, with a script for what is asked and for what is
 * told.
 */
final class Wrk {
  private static final String MARK = "RESULT ";

  private static final String SCRIPT =
      """
      %s
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("%s%%d %%d %%d %%f %%f\\n", summary.requests, summary.duration,
            e.connect + e.read + e.write + e.status + e.timeout,
            latency:percentile(50) / 1000, latency:percentile(99) / 1000))
      end
      """;

  private final String program;
  private final int connections;
  private final Path directory;

  private Wrk(String program, int connections, Path directory) {
    this.program = program;
    this.connections = connections;
    this.directory = directory;
  }

  /**
   * Finds it.
   *
   * @param program its name or path
   * @param directory where to put the scripts
   * @throws IllegalStateException when it is not installed
   */
  static Wrk find(String program, int connections, Path directory) throws InterruptedException {
    try {
      Process version = new ProcessBuilder(program, "-v").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
      version.waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(
          """
          wrk is not installed, and it makes the load. Install it:
            Debian, Ubuntu   apt-get install wrk
            Fedora           dnf install wrk
            macOS            brew install wrk
          or say where it is: --wrk PATH""",
          e);
    }
    return new Wrk(program, connections, directory);
  }

  /** Loads a server on this machine. */
  Load run(int port, Row row, int seconds) throws IOException, InterruptedException {
    return run(port, row.path(), asking(row), connections, seconds);
  }

  /**
   * Loads a server on this machine.
   *
   * @param asking what is asked for, in Lua; a {@code GET} of the path when it is empty
   */
  Load run(int port, String path, String asking, int connections, int seconds)
      throws IOException, InterruptedException {
    Path script = directory.resolve("asking.lua");
    Files.writeString(script, SCRIPT.formatted(asking, MARK));
    List<String> command =
        List.of(
            program,
            "--threads=1",
            "--connections=" + connections,
            "--duration=" + seconds + "s",
            "--timeout=10s",
            "--script=" + script,
            "http://" + Setup.HOST + ":" + port + path);
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    wrk.waitFor();
    return said.lines()
        .filter(line -> line.startsWith(MARK))
        .map(line -> parse(line.substring(MARK.length())))
        .findFirst()
        .orElseThrow(() -> new IOException("wrk said: " + said));
  }

  private static String asking(Row row) {
    if (row.pipelined() > 1) {
      return """
          local all
          init = function(args)
            all = string.rep(wrk.format(), %d)
          end
          request = function() return all end
          """
          .formatted(row.pipelined());
    }
    return row.body()
        .map(
            body ->
                """
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "application/json"
                wrk.body = [[%s]]
                """
                    .formatted(body))
        .orElse("");
  }

  private static Load parse(String result) {
    String[] words = result.split(" ", 5);
    return new Load(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]) / 1e6,
        Long.parseLong(words[2]),
        Double.parseDouble(words[3]),
        Double.parseDouble(words[4]));
  }
}
