package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send without reading: they are held back, and cost no more than a buffer or two. */
class BackpressureTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final byte[] REQUESTS =
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatPipelinesAndNeverReadsIsHeldBack(boolean onEventLoop) throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Response answer = Response.text("x".repeat(10 * KIB));
    try (Server server =
            Loopback.serve(
                routes -> {
                  var route =
                      routes.get(
                          "/",
                          request -> {
                            handled.incrementAndGet();
                            return answer;
                          });
                  if (onEventLoop) {
                    route.onEventLoop();
                  }
                });
        SocketChannel client = connect(server)) {
      long accepted = sendUntilHeldBack(client, 64 * MIB);

      // Both kernels' buffers and one of ours: what is asked for is 400 times that.
      assertThat(accepted).isLessThan(16 * MIB);
      assertThat((long) handled.get() * 10 * KIB).isLessThan(32L * MIB);

      try (RawClient other = RawClient.to(server)) {
        other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(other.read().body()).hasSize(10 * KIB);
      }
    }
  }

  @Test
  void aBodyBehindARequestThatIsNotYetAnsweredStaysWithTheClient() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (Server server =
            Loopback.serve(
                routes ->
                    routes.get(
                        "/", request -> Response.text(release.await(10, TimeUnit.SECONDS) + "")));
        SocketChannel client = connect(server)) {

      assertThat(sendUntilHeldBack(client, 64 * MIB)).isLessThan(16 * MIB);
      release.countDown();
    }
  }

  private static SocketChannel connect(Server server) throws IOException {
    SocketChannel client = SocketChannel.open();
    client.setOption(StandardSocketOptions.SO_RCVBUF, 64 * KIB);
    client.setOption(StandardSocketOptions.SO_SNDBUF, 64 * KIB);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    client.configureBlocking(false);
    return client;
  }

  /** Sends until the server has taken nothing for half a second, or everything. */
  private static long sendUntilHeldBack(SocketChannel client, long most) throws IOException {
    long accepted = 0;
    ByteBuffer buffer = ByteBuffer.wrap(REQUESTS);
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      while (accepted < most && selector.select(500) > 0) {
        selector.selectedKeys().clear();
        int some = client.write(buffer);
        accepted += some;
        if (!buffer.hasRemaining()) {
          buffer.clear();
        }
      }
    }
    return accepted;
  }
}
