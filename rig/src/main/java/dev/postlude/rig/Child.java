package dev.postlude.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test has started, with what it says in a file. Ends with the JVM. */
public final class Child implements AutoCloseable {
  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one, with these variables on top of our own. */
  public static Child start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path log = Files.createTempFile(folder, "child", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Child child = new Child(builder.start(), log);
    AtTheEnd.kill(child::kill);
    return child;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself. */
  public void await() throws InterruptedException {
    process.waitFor();
  }

  /** What it has said. */
  public String log() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  /** Kills it and its children: {@code kill -9}. */
  public void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    awaitEnd();
  }

  /** Asks it to end, and kills it if it does not. */
  @Override
  public void close() {
    process.destroy();
    awaitEnd();
    kill();
  }

  private void awaitEnd() {
    try {
      process.waitFor(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
