package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static Server serve(int connections) {
    return Loopback.serve(
        App.of(routes -> routes.get("/", request -> Response.text("fine")).onEventLoop()),
        options -> options.maxConnections(connections));
  }

  @Test
  void oneMoreThanTheLimitWaitsUntilAnotherHasLeft() throws Exception {
    try (Server server = serve(2);
        RawClient first = RawClient.to(server);
        RawClient second = RawClient.to(server);
        RawClient third = RawClient.to(server)) {
      assertThat(first.send(GET).read().text()).isEqualTo("fine");
      assertThat(second.send(GET).read().text()).isEqualTo("fine");

      third.send(GET);
      third.socket().setSoTimeout(300);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .as("connected by the kernel, and not yet by the server")
          .isThrownBy(third::read);

      third.socket().setSoTimeout(10_000);
      first.close();
      assertThat(third.read().text()).isEqualTo("fine");
    }
  }

  @Test
  void manyThatComeAndGoAtOnceAreAllServed() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try (Server server = serve(1)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            clients.submit(
                () -> {
                  for (int j = 0; j < 100; j++) {
                    try (RawClient client = RawClient.to(server)) {
                      assertThat(client.send(GET).read().text()).isEqualTo("fine");
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aConnectionThatBothSidesHaveEndedIsGoneAtOnce() throws Exception {
    String last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    try (Server server = serve(1)) {
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        try (RawClient client = RawClient.to(server)) {
          assertThat(client.send(last).readAll()).endsWith("fine");
        }
      }

      // Lingering takes a second each.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
