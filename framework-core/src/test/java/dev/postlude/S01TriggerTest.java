package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static dev.postlude.wire.Requests.head;
import static dev.postlude.wire.Requests.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Outcome;
import dev.postlude.background.TaskContext;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks are released when the promise of the response's last write completes, successfully or not.
 */
class S01TriggerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int BIG = 64 << 20;

  private final BlockingQueue<TaskContext> ran = new LinkedBlockingQueue<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final LogLines log = LogLines.of("dev.postlude");

  @AfterEach
  void closeLog() {
    log.close();
  }

  private Response withTask(Response response) {
    return response.background("task", context -> ran.add(context));
  }

  private Server serve() {
    return Loopback.serve(this::routes);
  }

  private void routes(Routes routes) {
    routes.onError(HttpException.class, (request, error) -> withTask(Response.problem(error)));
    routes.onError(IllegalStateException.class, (r, error) -> withTask(Response.of(500)));
    routes.get(
        "/big",
        request -> {
          answered.countDown();
          return withTask(Response.bytes("application/x", new byte[BIG]));
        });
    routes.get("/text", request -> withTask(Response.text("x")));
    routes.get("/loop", request -> withTask(Response.text("x"))).onEventLoop();
    routes.get("/large", request -> withTask(Response.text("x".repeat(100_000))));
    routes.get("/empty", request -> withTask(Response.of(200)));
    routes.get("/no-content", request -> withTask(Response.noContent()));
    routes.get("/not-modified", request -> withTask(Response.text("x").status(304)));
    routes.get("/reset", request -> withTask(Response.text("x").status(205)));
    routes.get("/async", request -> Response.async(later()));
    routes.get("/chunks", request -> withTask(Response.stream("text/x", out -> out.write('x'))));
    routes.get(
        "/fails",
        request -> {
          throw new IllegalStateException();
        });
    routes.get(
        "/teapot",
        request -> {
          throw new HttpException(418, "");
        });
    routes.post("/small", request -> withTask(Response.text("x"))).maxBody(1);
    routes.get(
        "/slow-chunks",
        request ->
            withTask(
                Response.stream(
                    "text/x",
                    out -> {
                      out.write('x');
                      out.flush();
                      answered.countDown();
                      release.await(10, TimeUnit.SECONDS);
                      out.write('y');
                    })));
  }

  private CompletableFuture<Response> later() {
    return CompletableFuture.supplyAsync(() -> withTask(Response.text("x")));
  }

  private TaskContext onlyRun(Server server) throws Exception {
    assertThat(server.background().awaitQuiet(SOON)).isTrue();
    TaskContext context = ran.poll();
    assertThat(context).isNotNull();
    assertThat(ran).as("it ran once").isEmpty();
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection: keep-alive", "Connection: close"})
  void aTaskDoesNotStartWhileTheClientHasNotReadWhatTheKernelCannotTake(String connection)
      throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/big", connection));
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.poll(1, TimeUnit.SECONDS)).as("started before the last write").isNull();

      assertThat(client.read().body()).hasSize(BIG);
      TaskContext context = onlyRun(server);
      assertThat(context.outcome()).isEqualTo(Outcome.SENT);
      assertThat(context.bytesWritten()).isEqualTo(BIG);
    }
  }

  @Test
  void aClientThatGoesAwayInTheMiddleReleasesTheTask() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/big"));
      client.readBytes(1_000_000);
      assertThat(ran.poll(200, TimeUnit.MILLISECONDS)).isNull();
      client.reset();

      assertThat(ran.peek()).isNull();
      TaskContext context = onlyRun(server);
      assertThat(context.outcome()).isEqualTo(Outcome.DISCONNECTED);
      assertThat(context.status()).isEqualTo(200);
      assertThat(context.bytesWritten()).isBetween(1L, BIG - 1L);
    }
  }

  @Test
  void contentOfAnyLengthIsWrittenWithItsLastChunk() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      client.send(get("/slow-chunks"));
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.poll(200, TimeUnit.MILLISECONDS)).isNull();
      release.countDown();

      assertThat(onlyRun(server).outcome()).isEqualTo(Outcome.SENT);
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(get("/text"), 200, 1),
        Arguments.of(get("/loop"), 200, 1),
        Arguments.of(get("/large"), 200, 100_000),
        Arguments.of(get("/empty"), 200, 0),
        Arguments.of(get("/no-content"), 204, 0),
        Arguments.of(get("/not-modified"), 304, 0),
        Arguments.of(get("/reset"), 205, 0),
        Arguments.of(get("/async"), 200, 1),
        Arguments.of(get("/chunks"), 200, 1),
        Arguments.of(get("/nowhere"), 404, 61),
        Arguments.of(post("/text", ""), 405, -1),
        Arguments.of(get("/%zz"), 400, -1),
        Arguments.of(get("/teapot"), 418, 31),
        Arguments.of(get("/fails"), 500, 0),
        Arguments.of(post("/small", "xx"), 413, -1),
        Arguments.of(post("/small", "x", "Expect: a-miracle"), 417, -1),
        Arguments.of(head("HEAD", "/text"), 200, 0),
        Arguments.of(head("HEAD", "/nowhere"), 404, 0),
        Arguments.of(head("HEAD", "/chunks"), 200, 0),
        Arguments.of(head("HEAD", "/fails"), 500, 0),
        Arguments.of("GET /text HTTP/1.0\r\n\r\n", 200, 1),
        Arguments.of("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, 1));
  }

  /** Nothing runs while the runner is paused: what the client has read did not wait for a task. */
  @ParameterizedTest(name = "{index}: {1}")
  @MethodSource("answers")
  void theResponseComesFirstWhateverItIs(String request, int status, long bytes) throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      server.background().pause();
      client.send(request).finish(); // the end comes behind the whole answer
      assertThat(client.readAll()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(ran).isEmpty();

      server.background().resume();
      TaskContext context = onlyRun(server);
      assertThat(context.outcome()).isEqualTo(Outcome.SENT);
      assertThat(context.status()).isEqualTo(status);
      assertThat(context.bytesWritten()).isEqualTo(bytes < 0 ? context.bytesWritten() : bytes);
    }
  }

  @Test
  void inAPipelineEveryResponseReleasesItsOwnTasks() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send(get("/text") + get("/loop") + get("/big") + get("/large"));

      assertThat(paths(2)).containsExactlyInAnyOrder("/text", "/loop");
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.poll(300, TimeUnit.MILLISECONDS)).as("one that is not written").isNull();

      for (int i = 0; i < 4; i++) {
        client.read();
      }
      assertThat(paths(2)).containsExactlyInAnyOrder("/big", "/large");
    }
  }

  private List<String> paths(int count) throws InterruptedException {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add(ran.poll(10, TimeUnit.SECONDS).path());
    }
    return paths;
  }
}
