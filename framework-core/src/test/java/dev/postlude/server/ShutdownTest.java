package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postlude.App;
import dev.postlude.background.Outcome;
import dev.postlude.background.ShutdownReport;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a server: what is in flight is finished, what is idle is closed. */
class ShutdownTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final LogLines log = LogLines.of("dev.postlude");
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void closeLog() {
    log.close();
  }

  private Server serve(Duration requestDrain) {
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("fine"));
              routes.post("/", request -> Response.text(request.text()));
              routes.get(
                  "/slow",
                  request -> {
                    begun.countDown();
                    return Response.text(release.await(10, TimeUnit.SECONDS) + "");
                  });
            });
    return Loopback.serve(app, options -> options.requestDrain(requestDrain));
  }

  private static CompletableFuture<ShutdownReport> shutDown(Server server) {
    CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
    Thread thread = new Thread(() -> report.complete(server.shutdown()));
    thread.setDaemon(true);
    thread.start();
    return report;
  }

  @Test
  void aRequestInFlightIsAnsweredAndItsConnectionClosed() throws Exception {
    Server server = serve(Duration.ofSeconds(10));
    try (RawClient client = RawClient.to(server);
        RawClient idle = RawClient.to(server)) {
      assertThat(idle.send(GET).read().text()).isEqualTo("fine");
      client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<ShutdownReport> report = shutDown(server);

      assertThat(idle.isAtEnd()).as("what is idle is closed first").isTrue();
      assertThat(report).isNotDone();
      release.countDown();
      Reply reply = client.read();
      assertThat(reply.text()).isEqualTo("true");
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.isAtEnd()).isTrue();
      client.close();
      assertThat(report.get(10, TimeUnit.SECONDS).clean()).isTrue();
    }
  }

  /**
   * What the kernel has taken before the end: connections in the queue of the port, and a request
   * on one that was kept. Both come to a loop that is busy until the end has begun.
   */
  @Test
  void whatTheKernelHasTakenIsAnsweredToo() throws Exception {
    Server server =
        Loopback.serve(
            App.of(
                routes -> {
                  routes.get("/", request -> Response.text("fine"));
                  routes
                      .get(
                          "/busy",
                          request -> {
                            // Longer than the time between two looks at the deadlines.
                            new CountDownLatch(1).await(400, TimeUnit.MILLISECONDS);
                            begun.countDown();
                            return Response.text(release.await(10, TimeUnit.SECONDS) + "");
                          })
                      .onEventLoop();
                }),
            options -> options.eventLoops(1));
    try (RawClient busy = RawClient.to(server);
        RawClient kept = RawClient.to(server)) {
      assertThat(kept.send(GET).read().text()).isEqualTo("fine");
      busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      try (RawClient queued = RawClient.to(server);
          RawClient behind = RawClient.to(server)) {
        queued.send(GET);
        behind.send(GET);
        Thread stopper = new Thread(server::shutdown);
        stopper.setDaemon(true);
        stopper.start();
        while (stopper.getState() != Thread.State.WAITING) { // for the loop
          Thread.onSpinWait();
        }
        kept.send(GET);
        release.countDown();

        assertThat(busy.read().text()).isEqualTo("true");
        assertThat(kept.readAll()).endsWith("fine");
        assertThat(queued.readAll()).endsWith("fine");
        assertThat(behind.readAll()).endsWith("fine");
      }
    }
    assertThat(server.shutdown().clean()).isTrue();
  }

  @Test
  void aRequestThatIsStillComingInIsAnsweredToo() throws Exception {
    Server server = serve(Duration.ofSeconds(10));
    try (RawClient client = RawClient.to(server);
        RawClient idle = RawClient.to(server)) {
      assertThat(idle.send(GET).read().text()).isEqualTo("fine");
      assertThat(client.send(GET).read().text()).isEqualTo("fine");
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.readText(25)).startsWith("HTTP/1.1 100");
      CompletableFuture<ShutdownReport> report = shutDown(server);
      assertThat(idle.isAtEnd()).isTrue();
      client.send("hello");

      assertThat(client.readAll()).contains("Connection: close").endsWith("hello");
      client.close();
      assertThat(report.get(10, TimeUnit.SECONDS).clean()).isTrue();
    }
  }

  @Test
  void anAnswerThatIsStillGoingOutIsNotCutShort() throws Exception {
    int size = 32 << 20;
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    CountDownLatch answered = new CountDownLatch(1);
    Server server =
        Loopback.serve(
            routes ->
                routes.get(
                    "/",
                    request -> {
                      request.onFinish(exchange -> outcome.complete(exchange.outcome()));
                      answered.countDown();
                      return Response.bytes("application/x", new byte[size]);
                    }));
    try (RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(GET);
      client.readBytes(1_000); // it is in the channel by now, and most of it stays there
      CompletableFuture<ShutdownReport> report = shutDown(server);
      assertThat(outcome).isNotDone();

      assertThat(client.readAll().length() + 1_000).isGreaterThan(size);
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.SENT);
      client.close();
      assertThat(report.get(10, TimeUnit.SECONDS).clean()).isTrue();
    }
  }

  @Test
  void noConnectionIsTakenAnyMore() throws Exception {
    Server server = serve(Duration.ofSeconds(10));
    int port = server.port();
    server.close();

    assertThat(server.port()).isEqualTo(port);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> RawClient.to(server));
  }

  @Test
  void aRequestThatTakesTooLongIsCutOff() throws Exception {
    Server server = serve(Duration.ofMillis(100));
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<ShutdownReport> report = shutDown(server);

      assertThat(client.readAll()).isEmpty();
      assertThat(report.get(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(log.all()).contains("requests were still in flight after PT0.1S: cut off");
    }
  }

  @Test
  void aSecondCallReturnsTheFirstOnesReport() {
    Server server = serve(Duration.ofSeconds(10));
    ShutdownReport report = server.shutdown();

    assertThat(server.shutdown()).isSameAs(report);
    server.close();
    assertThat(report.clean()).isTrue();
  }
}
