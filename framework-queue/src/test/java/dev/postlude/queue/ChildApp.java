package dev.postlude.queue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link CrashApp} in a process, which can be killed at any moment. */
final class ChildApp implements AutoCloseable {
  private final Process process;
  private final int port;

  private ChildApp(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one, and returns when it listens; null when it ended before that. */
  static ChildApp start(String database, Path runs, Path log, String... more) throws IOException {
    return start(List.of(), database, runs, log, more);
  }

  /**
   * Starts one with the database on a disk of its own that has four megabytes, and is gone with it.
   * Needs namespaces, as PostgreSQL does where it is started as root.
   */
  static ChildApp startOnSmallDisk(Path disk, Path runs, Path log) throws IOException {
    List<String> before =
        List.of(
            "unshare",
            "-Urm",
            "sh",
            "-c",
            "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"",
            disk.toString());
    return start(before, disk.resolve("tasks.db").toString(), runs, log);
  }

  private static ChildApp start(
      List<String> before, String database, Path runs, Path log, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-Djava.io.tmpdir=" + log.getParent(), // for what one that is killed leaves behind
            "-cp",
            System.getProperty("java.class.path"),
            CrashApp.class.getName(),
            database,
            runs.toString(),
            "child"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("port ")) {
        return new ChildApp(process, Integer.parseInt(line.substring("port ".length())));
      }
    }
    return null;
  }

  int port() {
    return port;
  }

  /** Asks it to end, as {@code kill} does. */
  void terminate() {
    process.destroy();
  }

  boolean ended() throws InterruptedException {
    return process.waitFor(30, TimeUnit.SECONDS);
  }

  /** What it ended with; 143 after a SIGTERM that nothing handled. */
  int exitValue() {
    return process.exitValue();
  }

  /** Kills it, as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
