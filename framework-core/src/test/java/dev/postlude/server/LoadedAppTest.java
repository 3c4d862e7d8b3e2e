package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.ChildProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server in a process of its own promises: how it ends, and how little it needs. */
class LoadedAppTest {
  private static final int CLIENTS = 8;
  private static final long MIB = 1024 * 1024;

  /** {@code -Dpostlude.upload=1024} for a gigabyte. */
  private static final long UPLOAD = Long.getLong("postlude.upload", 100) * MIB;

  private static int port(ChildProgram program) throws InterruptedException {
    return Integer.parseInt(program.await(line -> line.startsWith("port ")).substring(5));
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aSignalUnderLoadLosesNoAnswerAndNoTask() throws Exception {
    Queue<String> accepted = new ConcurrentLinkedQueue<>();
    Queue<String> torn = new ConcurrentLinkedQueue<>();
    CountDownLatch warm = new CountDownLatch(CLIENTS * 50);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (ChildProgram program = ChildProgram.start(LoadedApp.class)) {
      int port = port(program);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String client = "c" + i;
        all.add(clients.submit(() -> load(client, port, accepted, torn, warm)));
      }
      assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
      program.terminate();

      assertThat(program.awaitEnd(25)).as("ended within 25 seconds").isTrue();
      for (Future<?> each : all) {
        each.get(30, TimeUnit.SECONDS);
      }
      Set<String> ran = new HashSet<>(program.rest());
      assertThat(torn).as("answers that broke off").isEmpty();
      assertThat(accepted.stream().filter(id -> !ran.contains("task " + id))).isEmpty();
      assertThat(program.exitValue()).isZero();
    } finally {
      clients.shutdownNow();
    }
  }

  /** Posts on one connection after the other, until there is nobody to connect to. */
  private static void load(
      String client, int port, Queue<String> accepted, Queue<String> torn, CountDownLatch warm) {
    int count = 0;
    while (true) {
      try (Socket socket = connect(port)) {
        for (int i = 0; i < 20; i++) {
          String id = client + "-" + count++;
          socket
              .getOutputStream()
              .write(ascii("POST /task/" + id + " HTTP/1.1\r\nHost: a\r\n\r\n"));
          String head = head(socket.getInputStream());
          if (head.startsWith("HTTP/1.1 202 ") && head.endsWith("\r\n\r\n")) {
            accepted.add(id);
            warm.countDown();
          } else if (!head.isEmpty()) {
            torn.add(head);
          }
          if (head.isEmpty() || head.contains("Connection: close")) {
            break;
          }
        }
      } catch (ConnectException e) {
        return;
      } catch (IOException e) {
        // Reset: the server was gone before the request was there.
      }
    }
  }

  /** A head, as far as it came. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int b;
      try {
        b = in.read();
      } catch (SocketException e) {
        if (head.isEmpty()) {
          throw e;
        }
        b = -1;
      }
      if (b < 0) {
        break;
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // for as much as may be asked for
  void anUploadLargerThanTheHeapStreamsThroughIt() throws Exception {
    try (ChildProgram program =
            ChildProgram.start(LoadedApp.class, "-Xmx64m", "-XX:MaxDirectMemorySize=32m");
        Socket socket = connect(port(program))) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ascii("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n"));
      byte[] piece = new byte[(int) MIB];
      for (long sent = 0; sent < UPLOAD; sent += MIB) {
        out.write(piece);
      }

      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
      String body = UPLOAD + " bytes";
      assertThat(
              new String(
                  socket.getInputStream().readNBytes(body.length()), StandardCharsets.US_ASCII))
          .isEqualTo(body);
    }
  }
}
