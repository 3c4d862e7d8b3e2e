package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Connections that were answered once and are kept alive. */
final class IdleConnections implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** So many from one address, since each needs a port of its own. */
  private static final int FROM_ONE_ADDRESS = 20_000;

  /** File descriptors for everything else. */
  private static final int OTHERS = 300;

  private final List<Socket> sockets = new ArrayList<>();

  private IdleConnections() {}

  static IdleConnections open(int port, int count) throws IOException {
    IdleConnections all = new IdleConnections();
    try {
      for (int i = 0; i < count; i++) {
        all.add(port, "127.0.0." + (2 + i / FROM_ONE_ADDRESS));
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  private void add(int port, String from) throws IOException {
    Socket socket =
        new Socket(InetAddress.getByName(Setup.HOST), port, InetAddress.getByName(from), 0);
    sockets.add(socket);
    socket.getOutputStream().write(REQUEST);
    InputStream in = socket.getInputStream();
    byte[] answer = new byte[1024];
    for (int length = 0; !ends(answer, length); ) {
      int some = in.read(answer, length, answer.length - length);
      if (some < 0) {
        throw new IOException("the server closed connection " + sockets.size());
      }
      length += some;
    }
  }

  private static boolean ends(byte[] answer, int length) {
    return new String(answer, 0, length, StandardCharsets.US_ASCII).endsWith(Content.TEXT);
  }

  /** How many there can be as far as this process may open files, and its children too. */
  static int most() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    if (!Files.isReadable(limits)) {
      return 1_000;
    }
    return Files.readAllLines(limits).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split(" +", -1)[3])
        .mapToInt(most -> most.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(most))
        .map(most -> most - OTHERS)
        .findFirst()
        .orElse(1_000);
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone anyhow
      }
    }
  }
}
