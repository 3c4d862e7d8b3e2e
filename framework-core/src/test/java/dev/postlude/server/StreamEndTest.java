package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.Outcome;
import dev.postlude.background.ShutdownReport;
import dev.postlude.http.DisconnectedException;
import dev.postlude.http.EventStream;
import dev.postlude.http.Response;
import dev.postlude.http.ResponseStream;
import dev.postlude.wire.Http2Bytes;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Streams whose client leaves or whose server stops. The drain takes longer than anything here
 * waits: a stream that is waited for shows.
 */
class StreamEndTest {
  private static final String END = "\r\n0\r\n\r\n";

  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
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
                    request.onFinish(exchange -> seen.add(exchange.outcome()));
                    return next.handle(request);
                  });
              routes.get("/waits", request -> Response.events(this::waits));
              routes.get("/polls", request -> Response.events(this::polls));
              routes.get("/floods", request -> Response.events(this::floods));
              routes.get("/plain", request -> Response.stream("text/x", this::plain));
              routes.get("/endures", request -> Response.stream("text/x", this::endures));
              routes.get("/breaks/{why}", request -> Response.stream("text/x", this::breaks));
              routes.get("/interrupted", request -> Response.text("" + Thread.interrupted()));
            });
    server =
        Loopback.serve(
            app, options -> options.requestDrain(Duration.ofSeconds(60)).workerThreads(2));
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    server.close();
    log.close();
  }

  private void waits(EventStream events) throws Exception {
    events.onClose(() -> seen.add("closed"));
    events.send("hello");
    try {
      new CountDownLatch(1).await();
    } finally {
      seen.add(events.isOpen());
    }
  }

  private void polls(EventStream events) throws Exception {
    events.send("hello");
    while (events.isOpen()) {
      Thread.onSpinWait();
    }
    try {
      events.send("too late");
    } catch (DisconnectedException e) {
      seen.add(e.getMessage());
    }
  }

  private void floods(EventStream events) throws Exception {
    events.send("hello");
    while (true) {
      events.send("x".repeat(10_000));
    }
  }

  private void plain(ResponseStream out) throws Exception {
    out.onClose(() -> seen.add("closed"));
    out.write("begun".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    seen.add(goOn.await(60, TimeUnit.SECONDS));
    seen.add(out.isOpen());
    out.write("ended".getBytes(StandardCharsets.US_ASCII));
  }

  private void endures(ResponseStream out) throws Exception {
    out.onClose(() -> seen.add("closed"));
    out.write("begun".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    while (out.isOpen()) {
      Thread.onSpinWait();
    }
    out.onClose(() -> seen.add("closed before"));
    out.write(1);
    out.flush();
  }

  private RawClient open(String path, String until) throws Exception {
    RawClient client =
        RawClient.withSmallBuffer(server).send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf(until) < 0) {
      heard.append(client.readText(1));
    }
    return client;
  }

  private Object next() throws InterruptedException {
    return seen.poll(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<ShutdownReport> shutDown() {
    CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
    Thread thread = new Thread(() -> report.complete(server.shutdown()));
    thread.setDaemon(true);
    thread.start();
    return report;
  }

  @Test
  void aSourceThatWaitsIsInterruptedWhenTheServerStops() throws Exception {
    try (RawClient client = open("/waits", "hello")) {
      CompletableFuture<ShutdownReport> report = shutDown();

      assertThat(client.readAll()).as("a whole answer").endsWith(END);
      assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(seen).containsExactlyInAnyOrder("closed", false, Outcome.SENT);
      assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
    }
  }

  @Test
  void aSourceThatLooksSeesThatTheServerStops() throws Exception {
    try (RawClient client = open("/polls", "hello")) {
      CompletableFuture<ShutdownReport> report = shutDown();

      assertThat(client.readAll()).endsWith(END).doesNotContain("too late");
      assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(seen).containsExactly("the server is stopping", Outcome.SENT);
    }
  }

  @Test
  void aSourceThatASlowClientHoldsUpEndsWithTheServer() throws Exception {
    try (RawClient client = open("/floods", "hello")) {
      client.readBytes(200_000);
      CompletableFuture<ShutdownReport> report = shutDown();

      assertThat(client.readAll()).endsWith(END);
      assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(seen).containsExactly(Outcome.SENT);
      assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
    }
  }

  @Test
  void aPlainStreamIsWaitedFor() throws Exception {
    try (RawClient client = open("/plain", "begun");
        RawClient idle = open("/interrupted", "false")) {
      CompletableFuture<ShutdownReport> report = shutDown();
      assertThat(idle.isAtEnd()).as("the server has begun to stop").isTrue();
      assertThat(report).isNotDone();
      goOn.countDown();

      assertThat(client.readAll()).endsWith("ended" + END);
      assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(seen).containsExactly(Outcome.SENT, true, true, Outcome.SENT);
    }
  }

  @Test
  void aSourceIsInterruptedWhenItsClientLeaves() throws Exception {
    open("/waits", "hello").reset();

    assertLeft();
  }

  @Test
  void aClientThatHangsUpIsNoticedWithoutAnEvent() throws Exception {
    open("/waits", "hello\n\n\r\n").close(); // with nothing unread, which would make it a reset

    assertLeft();
  }

  private void assertLeft() throws Exception {
    assertThat(new Object[] {next(), next(), next()})
        .containsExactlyInAnyOrder("closed", false, Outcome.DISCONNECTED);
    for (int i = 0; i < 4; i++) {
      try (RawClient other = RawClient.to(server)) {
        other.send("GET /interrupted HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(other.read().text()).as("the worker is as good as new").isEqualTo("false");
      }
    }
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  @Test
  void aPlainStreamLearnsThatItsClientLeaves() throws Exception {
    open("/endures", "begun").reset();

    assertThat(new Object[] {next(), next(), next()})
        .containsExactlyInAnyOrder("closed", "closed before", Outcome.DISCONNECTED);
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  private RawClient openStream(String path) throws Exception {
    RawClient client = RawClient.to(server).send(Http2Bytes.preface());
    client.send(Http2Bytes.get(1, path));
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf("hello") < 0) {
      heard.append(client.readText(1));
    }
    return client;
  }

  @Test
  void anHttp2StreamEndsWithTheServer() throws Exception {
    try (RawClient client = openStream("/waits")) {
      CompletableFuture<ShutdownReport> report = shutDown();

      client.readAll();
      assertThat(report.get(20, TimeUnit.SECONDS).clean()).isTrue();
      assertThat(seen).containsExactlyInAnyOrder("closed", false, Outcome.SENT);
    }
  }

  @Test
  void anHttp2StreamThatIsCancelled() throws Exception {
    try (RawClient client = openStream("/waits")) {
      client.send(Http2Bytes.cancel(1));

      assertLeft();
    }
  }

  private void breaks(ResponseStream out) throws Exception {
    out.write("begun".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    throw new IllegalStateException("no more");
  }

  @Test
  void aStreamThatFailsHalfWayIsLoggedWithItsRequest() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send("GET /breaks/now HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n\r\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 OK\r\n").doesNotEndWith(END);
    }
    assertBroken();
    try (RawHttp2 client = RawHttp2.to(server)) {
      client.get("/breaks/now", "x-request-id", "abc");

      assertBroken();
    }
  }

  private void assertBroken() throws InterruptedException {
    assertThat(log.await(line -> line.contains("half-way")))
        .matches(
            "SEVERE the answer to GET /breaks/\\{why} \\(request [^)]+\\) failed half-way and was cut"
                + " off <- java.lang.IllegalStateException: no more");
  }
}
