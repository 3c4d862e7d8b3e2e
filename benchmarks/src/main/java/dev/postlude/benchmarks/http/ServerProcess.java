package dev.postlude.benchmarks.http;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer at work in a child JVM. */
final class ServerProcess implements AutoCloseable {
  /** What every peer's class path has; the rest is its own. */
  private static final List<String> SHARED_LIBRARIES =
      List.of("io.netty", "tools.jackson", "com.fasterxml.jackson", "org.slf4j");

  private final Candidate candidate;
  private final int port;
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;
  private final Duration startUp;

  private ServerProcess(
      Candidate candidate, int port, Process process, BufferedReader answers, Duration startUp) {
    this.candidate = candidate;
    this.port = port;
    this.process = process;
    this.answers = answers;
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.startUp = startUp;
  }

  /** How many tasks were asked for, and how many have run. */
  record Tasks(long asked, long done) {}

  /**
   * Starts a peer and returns when it has answered a first request.
   *
   * @param flags the JVM's, the same for all
   * @param log where to write what it says on its standard error
   */
  static ServerProcess start(Candidate candidate, Jdk jdk, List<String> flags, Path log)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(candidate), PeerProcess.class.getName()));
    command.addAll(List.of(candidate.peer(), candidate.mode(), Integer.toString(port)));
    long before = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    try {
      Answers.awaitFirst(port);
    } catch (IOException e) {
      process.destroyForcibly();
      throw new IOException(candidate.title() + ": " + e.getMessage() + "; see " + log, e);
    }
    Duration startUp = Duration.ofNanos(System.nanoTime() - before);
    return new ServerProcess(
        candidate, port, process, process.inputReader(StandardCharsets.US_ASCII), startUp);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** This program and the candidate's own libraries, so that none starts slower for another's. */
  private static String classPath(Candidate candidate) throws IOException {
    String own = System.getProperty("java.class.path");
    Path directory = Path.of(own).toAbsolutePath().resolveSibling("lib");
    if (own.contains(File.pathSeparator) || !Files.isDirectory(directory)) {
      return own;
    }
    StringBuilder path = new StringBuilder(own);
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(directory, "*.jar")) {
      List<String> names = new ArrayList<>();
      libraries.forEach(library -> names.add(library.getFileName().toString()));
      names.stream()
          .sorted()
          .filter(
              name ->
                  SHARED_LIBRARIES.stream().anyMatch(name::startsWith)
                      || candidate.libraries().stream().anyMatch(name::startsWith))
          .forEach(name -> path.append(File.pathSeparator).append(directory.resolve(name)));
    }
    return path.toString();
  }

  Candidate candidate() {
    return candidate;
  }

  int port() {
    return port;
  }

  /** From the birth of the process to its first answer. */
  Duration startUp() {
    return startUp;
  }

  /**
   * The CPU time of all its threads since it was started: its own and the kernel's on its behalf.
   */
  Duration cpu() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(
            () -> new IllegalStateException("the CPU time of processes cannot be told here"));
  }

  /** Its resident memory in bytes; 0 where that cannot be told. */
  long residentBytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is reachable on its heap after a collection, in bytes. */
  long heapBytes() throws IOException {
    return Long.parseLong(question("heap"));
  }

  Tasks tasks() throws IOException {
    String[] counts = question("tasks").split(" ", 2);
    return new Tasks(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
  }

  /**
   * Waits until all tasks have run.
   *
   * @return how long that took
   * @throws IOException when some have not within 20 seconds
   */
  Duration awaitTasks() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Tasks now = tasks();
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      if (now.done() == now.asked()) {
        return waited;
      }
      if (waited.toSeconds() >= 20) {
        throw new IOException(candidate.title() + " lost tasks: " + now);
      }
      Thread.sleep(1);
    }
  }

  private String question(String question) throws IOException {
    questions.println(question);
    for (String line; (line = answers.readLine()) != null; ) {
      if (line.startsWith(PeerProcess.MARK)) {
        return line.substring(PeerProcess.MARK.length());
      }
    }
    throw new IOException(candidate.title() + " ended unexpectedly");
  }

  @Override
  public void close() {
    questions.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
