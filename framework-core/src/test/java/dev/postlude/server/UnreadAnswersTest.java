package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.ChildProgram;
import dev.postlude.wire.Http2Bytes;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that ask and never read: what they make a server keep, in its heap and outside of it, is
 * less than 8 MiB for all of them together (12 MiB for a hundred streams). The server has a process
 * of its own, and less memory than the answers would take.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadAnswersTest {
  private static final int MIB = 1 << 20;
  private static final int BOUND = 8 * MIB;
  private static final int HUNDRED_STREAMS = 12 * MIB;
  private static final int DOWNLOADS = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int QUIET_MILLIS = 500;

  private ChildProgram program;
  private int port;
  private long base;

  @BeforeAll
  void start() throws Exception {
    program =
        ChildProgram.start(
            MeasuredApp.class,
            "-Xmx96m",
            "-XX:MaxDirectMemorySize=64m",
            "-Dio.netty.leakDetection.level=disabled");
    port = Integer.parseInt(program.await(line -> line.startsWith("port ")).substring(5));
    for (String path : List.of("/bytes", "/stream", "/empty", "/small")) { // loads the classes
      ask(false, path, 4, 40, () -> {});
      ask(true, path, 4, 40, () -> {});
    }
    ask(false, "/stream", DOWNLOADS, 10_000, () -> {}); // what is pooled stays
    ask(true, "/stream", DOWNLOADS, 10_000, () -> {});
    for (int i = 0; i < 3; i++) {
      base = taken();
    }
  }

  @AfterAll
  void stop() {
    program.close();
  }

  /** Heap and direct memory, in bytes. */
  private long taken() throws IOException {
    try (RawClient client = RawClient.to(port)) {
      String[] numbers = client.send(Requests.get("/taken")).read().text().split(" ");
      return Long.parseLong(numbers[0]) + Long.parseLong(numbers[1]);
    }
  }

  private void assertLittleIsTaken(String what) throws IOException {
    assertTaken(what, BOUND);
  }

  /**
   * While sockets are being filled what is on its way there is counted too: it has to come under
   * the bound, and stay there.
   */
  private void assertTaken(String what, long bound) throws IOException {
    long last = 0;
    int under = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (under < 3 && System.nanoTime() < deadline) {
      last = taken() - base;
      under = last < bound ? under + 1 : 0;
    }
    assertThat(under)
        .as("%s take %s bytes in the end, and not less than %s", what, last, bound)
        .isEqualTo(3);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel client = SocketChannel.open();
    client.socket().setReceiveBufferSize(64 * 1024);
    client.socket().setSoTimeout(10_000);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return client;
  }

  /** The begin of a connection, with windows as large as they may be. */
  private static byte[] preface() {
    return ByteBuffer.allocate(24 + 9 + 6 + 9 + 4)
        .put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
        .put(new byte[] {0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4})
        .putInt(Integer.MAX_VALUE)
        .put(new byte[] {0, 0, 4, 8, 0, 0, 0, 0, 0})
        .putInt(Integer.MAX_VALUE - 65_535)
        .array();
  }

  /** Has clients ask, read the first bytes of what they are sent, and no more. */
  private void ask(boolean http2, String path, int count, int first, Step then) throws IOException {
    List<SocketChannel> clients = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        SocketChannel client = connect();
        clients.add(client);
        if (http2) {
          write(client, preface());
          write(client, Http2Bytes.get(1, path));
        } else {
          write(client, Requests.get(path).getBytes(StandardCharsets.US_ASCII));
        }
      }
      for (SocketChannel client : clients) {
        assertThat(client.socket().getInputStream().readNBytes(first)).isNotEmpty();
      }
      then.run();
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void write(SocketChannel client, byte[] bytes) throws IOException {
    for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
      client.write(left);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, /bytes", "false, /stream", "true, /bytes", "true, /stream"})
  void fortyDownloadsOfTwentyMegabytes(boolean http2, String path) throws Exception {
    String what = DOWNLOADS + " downloads of " + path + (http2 ? " over HTTP/2" : "");
    ask(http2, path, DOWNLOADS, 10_000, () -> assertLittleIsTaken(what));
  }

  @Test
  void aHundredDownloadsOnOneConnection() throws Exception {
    try (SocketChannel client = connect()) {
      write(client, preface());
      for (int stream = 1; stream < 200; stream += 2) {
        write(client, Http2Bytes.get(stream, stream % 4 == 1 ? "/bytes" : "/stream"));
      }
      assertThat(client.socket().getInputStream().readNBytes(10_000)).isNotEmpty();

      assertTaken("a hundred downloads on one connection", HUNDRED_STREAMS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/empty", "/small", "/bytes", "/stream"})
  void requestsOneAfterTheOther(String path) throws Exception {
    byte[] requests = Requests.get(path).repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    try (SocketChannel client = connect()) {
      long sent = send(client, () -> ByteBuffer.wrap(requests));

      assertLittleIsTaken(sent / 1024 + " KiB of requests for " + path);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/empty", "/small", "/bytes", "/stream"})
  void streamsOneAfterTheOther(String path) throws Exception {
    int[] stream = {-1};
    try (SocketChannel client = connect()) {
      write(client, preface());
      long sent =
          send(
              client,
              () -> {
                stream[0] += 2;
                return ByteBuffer.wrap(Http2Bytes.get(stream[0], path));
              });

      assertLittleIsTaken(sent / 1024 + " KiB of requests over HTTP/2 for " + path);
    }
  }

  private interface Source {
    ByteBuffer next();
  }

  /** Sends until the server has taken nothing for a while, or has hung up, or 64 MiB are sent. */
  private static long send(SocketChannel client, Source source) throws IOException {
    long sent = 0;
    client.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer bytes = source.next();
      while (sent < 64 * MIB && selector.select(QUIET_MILLIS) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(bytes);
        if (!bytes.hasRemaining()) {
          bytes = source.next();
        }
      }
    } catch (IOException e) {
      return sent; // that is an end, too
    }
    return sent;
  }
}
