package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.Exchange;
import dev.postlude.background.Outcome;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that go away, at every point of an exchange: nobody else notices, and nothing is left.
 */
class DisconnectTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<Exchange> finished = new LinkedBlockingQueue<>();
  private LogLines log;
  private Server server;

  @BeforeEach
  void start() {
    log = LogLines.of("dev.postlude");
    App app =
        App.of(
            routes -> {
              routes.filter(
                  (request, next) -> {
                    request.onFinish(finished::add);
                    return next.handle(request);
                  });
              routes.get("/", request -> Response.text("fine"));
              routes.post("/", request -> Response.text(request.text()));
              routes.get(
                  "/slow",
                  request -> {
                    begun.countDown();
                    release.await(10, TimeUnit.SECONDS);
                    return Response.text("slow");
                  });
              routes.get("/big", request -> Response.bytes("application/x", new byte[64 << 20]));
            });
    server = Loopback.serve(app, options -> options.maxConnections(1));
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  /** The one connection that is allowed is free again, and the server as good as new. */
  private void assertWell() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.readAll()).endsWith("fine");
    }
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // before anything
        "GE", // in the request line
        "GET / HTTP/1.1\r\nHo", // in the head
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", // before the body
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", // in the body
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", // in a chunk
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
      })
  void beforeTheRequestIsWhole(String bytes) throws Exception {
    RawClient.to(server).send(bytes).reset();
    assertWell();
    assertThat(finished.poll(10, TimeUnit.SECONDS)).isNotNull(); // the one of assertWell

    try (RawClient client = RawClient.to(server)) {
      client.send(bytes).finish();
      client.readAll(); // nothing, or what is wrong
    }
    assertWell();
    assertThat(finished.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(finished).as("no handler was called for half a request").isEmpty();
  }

  @Test
  void whileTheHandlerIsAtWork() throws Exception {
    RawClient client = RawClient.to(server).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    client.reset();
    assertWell(); // the connection is given back before the handler has ended
    assertThat(finished.poll(10, TimeUnit.SECONDS).path()).isEqualTo("/");
    release.countDown();

    Exchange exchange = finished.poll(10, TimeUnit.SECONDS);
    assertThat(exchange.path()).isEqualTo("/slow");
    assertThat(exchange.outcome()).isEqualTo(Outcome.DISCONNECTED);
    assertThat(exchange.bytesWritten()).isZero();
  }

  @Test
  void whileItIsAnswered() throws Exception {
    RawClient client = RawClient.withSmallBuffer(server);
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    client.readBytes(100_000);
    client.reset();

    Exchange exchange = finished.poll(10, TimeUnit.SECONDS);
    assertThat(exchange.outcome()).isEqualTo(Outcome.DISCONNECTED);
    assertThat(exchange.bytesWritten()).isBetween(1L, (64L << 20) - 1);
    assertWell();
  }

  @Test
  void betweenTwoRequests() throws Exception {
    RawClient client = RawClient.to(server);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.read().text()).isEqualTo("fine");
    client.reset();

    assertWell();
  }

  @Test
  void withRequestsStillInThePipe() throws Exception {
    RawClient client =
        RawClient.to(server)
            .send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            .send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    client.reset();
    assertWell();
    assertThat(finished.poll(10, TimeUnit.SECONDS).path()).isEqualTo("/"); // assertWell's
    release.countDown();

    assertThat(finished.poll(10, TimeUnit.SECONDS).path()).isEqualTo("/slow");
    server.close();
    assertThat(finished).as("nobody waits for the others any more").isEmpty();
  }

  @Test
  void afterARefusalThatTheClientDoesNotWaitFor() throws Exception {
    RawClient.to(server).send("nonsense\r\n\r\n").reset();

    assertWell();
  }
}
