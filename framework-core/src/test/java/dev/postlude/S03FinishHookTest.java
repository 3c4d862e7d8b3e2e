package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static dev.postlude.wire.Requests.head;
import static dev.postlude.wire.Requests.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Exchange;
import dev.postlude.background.Outcome;
import dev.postlude.background.TaskGroup;
import dev.postlude.context.Key;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code request.onFinish} runs exactly once for every request that reached routing. */
class S03FinishHookTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Key<String> KEY = Key.of("key");
  private static final TaskGroup TINY = TaskGroup.of("tiny").maxConcurrent(1).maxQueued(0);

  private final BlockingQueue<Exchange> finished = new LinkedBlockingQueue<>();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<Request> seen = new LinkedBlockingQueue<>();
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void routes(Routes routes) {
    routes.filter(
        (request, next) -> {
          request.onFinish(finished::add);
          return next.handle(request);
        });
    routes.get("/text", request -> Response.text("text"));
    routes.get("/loop", request -> Response.text("loop")).onEventLoop();
    routes.get("/no-content", request -> Response.noContent());
    routes.get(
        "/async", r -> Response.async(CompletableFuture.supplyAsync(() -> Response.of(201))));
    routes.get(
        "/fails-later",
        r -> Response.async(CompletableFuture.failedFuture(new HttpException(409, ""))));
    routes.get(
        "/teapot",
        request -> {
          throw new HttpException(418, "");
        });
    routes.get(
        "/bug",
        request -> {
          throw new IllegalStateException();
        });
    routes.get("/null", request -> null);
    routes.post("/small", request -> Response.of(200)).maxBody(1);
    routes.get(
        "/slow",
        request -> {
          begun.countDown();
          release.await(10, TimeUnit.SECONDS);
          return Response.text("slow");
        });
    routes.get("/big", request -> Response.bytes("application/x", new byte[32 << 20]));
    routes.get("/chunks", request -> Response.stream("text/x", out -> out.write(new byte[3])));
    routes.get(
        "/broken-chunks",
        request ->
            Response.stream(
                "text/x",
                out -> {
                  out.write(new byte[3]);
                  out.flush();
                  throw new IllegalStateException("half-way");
                }));
    routes.get(
        "/full", request -> Response.of(200).background(never(TINY)).background(never(TINY)));
    routes.get(
        "/two-groups-of-one-name",
        request -> Response.of(200).background(never(TINY)).background(never(TINY.maxQueued(9))));
    routes.get(
        "/order",
        request -> {
          request.onFinish(exchange -> order.add("first"));
          request.with(KEY, "x").onFinish(exchange -> order.add("second"));
          request.onFinish(
              exchange -> {
                order.add("third, which throws");
                throw new IllegalStateException();
              });
          return Response.of(200).background("task", () -> order.add("task"));
        });
    routes.get(
        "/late",
        request -> {
          seen.add(request);
          return Response.of(200);
        });
  }

  private static BackgroundTask never(TaskGroup group) {
    return BackgroundTask.of("never", () -> {}).group(group);
  }

  private Exchange onlyOne(Server server) throws Exception {
    Exchange exchange = finished.poll(10, TimeUnit.SECONDS);
    assertThat(exchange).isNotNull();
    assertThat(server.background().awaitQuiet(SOON)).isTrue();
    assertThat(finished).as("it ran once").isEmpty();
    return exchange;
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of(get("/text"), 200, 4),
        Arguments.of(get("/loop"), 200, 4),
        Arguments.of(head("HEAD", "/text"), 200, 0),
        Arguments.of(head("OPTIONS", "/text"), 204, 0),
        Arguments.of(head("OPTIONS", "*"), 204, 0),
        Arguments.of(get("/no-content"), 204, 0),
        Arguments.of(get("/async"), 201, 0),
        Arguments.of(get("/fails-later"), 409, 33),
        Arguments.of(get("/chunks"), 200, 3),
        Arguments.of(get("/teapot"), 418, 31),
        Arguments.of(get("/bug"), 500, 46),
        Arguments.of(get("/null"), 500, 46),
        Arguments.of(get("/nowhere"), 404, 61),
        Arguments.of(post("/text", ""), 405, -1),
        Arguments.of(get("/%zz"), 400, -1),
        Arguments.of(post("/small", "xx"), 413, -1),
        Arguments.of(
            head("POST", "/small", "Transfer-Encoding: chunked") + "2\r\nxx\r\n0\r\n\r\n", 413, -1),
        Arguments.of(head("POST", "/small", "Transfer-Encoding: chunked") + "x\r\n", 400, -1),
        Arguments.of(post("/small", "x", "Expect: a-miracle"), 417, -1),
        Arguments.of(get("/full"), 503, -1),
        Arguments.of(get("/two-groups-of-one-name"), 500, -1));
  }

  @ParameterizedTest(name = "{index}: {1}")
  @MethodSource("requests")
  void runsOnceForEveryAnswer(String request, int status, long bytes) throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      String answer = client.send(request).finish().readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");

      Exchange exchange = onlyOne(server);
      assertThat(exchange.outcome()).isEqualTo(Outcome.SENT);
      assertThat(exchange.status()).isEqualTo(status);
      assertThat(exchange.bytesWritten()).isEqualTo(bytes < 0 ? exchange.bytesWritten() : bytes);
      assertThat(exchange.finishedAt()).isAfterOrEqualTo(exchange.receivedAt());
    }
  }

  @Test
  void runsOnceWhenTheClientHasGoneBeforeTheAnswer() throws Exception {
    try (Server server =
            Loopback.serve(App.of(this::routes), options -> options.maxConnections(1));
        RawClient client = RawClient.to(server)) {
      client.send(get("/slow"));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      try (RawClient next = RawClient.to(server)) { // one connection is allowed: this was seen
        next.send(get("/text")).read();
      }
      assertThat(finished.poll(10, TimeUnit.SECONDS).path()).isEqualTo("/text");
      release.countDown();

      Exchange exchange = onlyOne(server);
      assertThat(exchange.path()).isEqualTo("/slow");
      assertThat(exchange.outcome()).isEqualTo(Outcome.DISCONNECTED);
      assertThat(exchange.bytesWritten()).isZero();
    }
  }

  @Test
  void runsOnceWhenTheClientGoesDuringTheAnswer() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/big"));
      client.readBytes(1_000);
      client.reset();

      assertThat(onlyOne(server).outcome()).isEqualTo(Outcome.DISCONNECTED);
    }
  }

  @Test
  void runsOnceWhenWeBreakOffTheAnswer() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get("/broken-chunks"));

      Exchange exchange = onlyOne(server);
      assertThat(exchange.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(exchange.bytesWritten()).isEqualTo(3);
    }
  }

  @Test
  void hooksRunInReverseOrderBeforeTheTasksAndAFailingOneHoldsUpNone() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get("/order")).read();
      assertThat(server.background().awaitQuiet(SOON)).isTrue();

      assertThat(order).containsExactly("third, which throws", "second", "first", "task");
    }
  }

  @Test
  void isRefusedWhenTheRequestIsOver() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get("/late")).read();
      Request request = seen.poll(10, TimeUnit.SECONDS);

      assertThatIllegalStateException().isThrownBy(() -> request.onFinish(exchange -> {}));
    }
  }

  @Test
  void doesNotRunForWhatIsNoRequest() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send("nonsense\r\n\r\n").readAll();
      client.close();
      server.close();

      assertThat(finished).isEmpty();
    }
  }
}
