package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SIGTERM, sent to a process of its own. */
class SignalsTest {
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private Process process;
  private int port;

  @BeforeEach
  void start() throws Exception {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SignalledApp.class.getName())
            .redirectErrorStream(true)
            .start();
    Thread reader = new Thread(this::read, "output");
    reader.setDaemon(true);
    reader.start();
    port = Integer.parseInt(await(line -> line.startsWith("port ")).substring(5));
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(said::add);
    } catch (Exception e) {
      said.add(e.toString());
    }
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
  }

  private String await(Predicate<String> fits) throws InterruptedException {
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

  private Socket send(String path) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    OutputStream out = socket.getOutputStream();
    out.write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private Socket sendAfter(String line, String path) throws Exception {
    await(line::equals);
    return send(path);
  }

  private static String readAll(Socket socket) throws Exception {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** {@code destroy} is SIGTERM, and the JVM says so itself. */
  private void terminate() {
    assertThat(process.supportsNormalTermination()).isTrue();
    process.toHandle().destroy();
  }

  private void writeLine() throws Exception {
    OutputStream in = process.getOutputStream();
    in.write('\n');
    in.flush();
  }

  @Test
  void theFirstOneFinishesRequestsAndTasksAndEndsTheProcessWithZero() throws Exception {
    try (Socket task = send("/task");
        Socket request = sendAfter("task begun", "/request")) {
      await("request begun"::equals);
      terminate();
      await(line -> line.contains("SIGTERM: stopping"));
      assertThat(readAll(task)).startsWith("HTTP/1.1 202 "); // and the end: it was idle
      writeLine();

      assertThat(readAll(request)).contains("Connection: close").endsWith("finished");
      await("task finished"::equals);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void aSecondOneEndsItAtOnce() throws Exception {
    try (Socket task = send("/task")) {
      await("task begun"::equals);
      terminate();
      await(line -> line.contains("SIGTERM: stopping"));
      assertThat(readAll(task)).startsWith("HTTP/1.1 202 ");
      // What comes right behind the first is taken for its echo.
      for (int i = 0; i < 50 && !process.waitFor(200, TimeUnit.MILLISECONDS); i++) {
        terminate();
      }

      assertThat(process.exitValue()).isEqualTo(130);
      await(line -> line.contains("SIGTERM again: ending at once"));
    }
  }
}
