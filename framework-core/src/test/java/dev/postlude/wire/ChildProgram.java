package dev.postlude.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program in a JVM of its own, with this one's class path, and the lines that it says. */
public final class ChildProgram implements AutoCloseable {
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Process process;
  private final Thread reader;

  private ChildProgram(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "output of a child");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it. */
  public static ChildProgram start(Class<?> main, String... jvmOptions) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return new ChildProgram(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(said::add);
    } catch (IOException e) {
      said.add(e.toString());
    }
  }

  /** Waits for a line, dropping those before it. */
  public String await(Predicate<String> fits) throws InterruptedException {
    StringBuilder before = new StringBuilder();
    for (String line = next(); line != null; line = next()) {
      if (fits.test(line)) {
        return line;
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("not said, but:\n" + before);
  }

  private String next() throws InterruptedException {
    return said.poll(20, TimeUnit.SECONDS);
  }

  /** Ends a line on its standard input. */
  public void sendLine() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Sends SIGTERM: {@code destroy} is that, where the JVM says so. */
  public void terminate() {
    if (!process.supportsNormalTermination()) {
      throw new IllegalStateException("no SIGTERM here");
    }
    process.toHandle().destroy();
  }

  /** Waits for its end; false when the time was up before. */
  public boolean awaitEnd(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      return false;
    }
    reader.join(TimeUnit.SECONDS.toMillis(20));
    return true;
  }

  public int exitValue() {
    return process.exitValue();
  }

  /** What it has said and nobody has waited for. */
  public List<String> rest() {
    List<String> rest = new ArrayList<>();
    said.drainTo(rest);
    return rest;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
