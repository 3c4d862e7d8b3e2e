package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.ChildProgram;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SIGTERM, sent to a process of its own. */
class SignalsTest {
  private ChildProgram program;
  private int port;

  @BeforeEach
  void start() throws Exception {
    program = ChildProgram.start(SignalledApp.class);
    port = Integer.parseInt(program.await(line -> line.startsWith("port ")).substring(5));
  }

  @AfterEach
  void stop() {
    program.close();
  }

  private Socket send(String path) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    OutputStream out = socket.getOutputStream();
    out.write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private Socket sendAfter(String line, String path) throws Exception {
    program.await(line::equals);
    return send(path);
  }

  private static String readAll(Socket socket) throws Exception {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theFirstOneFinishesRequestsAndTasksAndEndsTheProcessWithZero() throws Exception {
    try (Socket task = send("/task");
        Socket request = sendAfter("task begun", "/request")) {
      program.await("request begun"::equals);
      program.terminate();
      program.await(line -> line.contains("SIGTERM: stopping"));
      assertThat(readAll(task)).startsWith("HTTP/1.1 202 "); // and the end: it was idle
      program.sendLine();

      assertThat(readAll(request)).contains("Connection: close").endsWith("finished");
      program.await("task finished"::equals);
      program.await(line -> line.contains("stopped, after "));
      assertThat(program.awaitEnd(20)).isTrue();
      assertThat(program.exitValue()).isZero();
    }
  }

  @Test
  void aSecondOneEndsItAtOnce() throws Exception {
    try (Socket task = send("/task")) {
      program.await("task begun"::equals);
      program.terminate();
      program.await(line -> line.contains("SIGTERM: stopping"));
      assertThat(readAll(task)).startsWith("HTTP/1.1 202 ");
      // What comes right behind the first is taken for its echo.
      for (int i = 0; i < 50 && !program.awaitEnd(1); i++) {
        program.terminate();
      }

      assertThat(program.exitValue()).isEqualTo(130);
      program.await(line -> line.contains("SIGTERM again: ending at once"));
    }
  }
}
