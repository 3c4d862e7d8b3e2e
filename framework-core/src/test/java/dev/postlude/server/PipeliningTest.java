package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.routing.Route;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Requests;
import dev.postlude.wire.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests sent before the first is answered: RFC 9112 section 9.3.2. */
class PipeliningTest {
  private static String requests(String path, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "GET " + path + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
        .collect(Collectors.joining());
  }

  private static Server echo() {
    return Loopback.serve(PipeliningTest::echo);
  }

  private static void echo(Routes routes) {
    routes.get("/work/{n}", request -> Response.text(request.param("n")));
    routes.get("/loop/{n}", request -> Response.text(request.param("n"))).onEventLoop();
    routes.get("/big/{n}", request -> big(request.param("n"))).onEventLoop();
    routes.post("/work/{n}", request -> Response.text(request.param("n") + request.text()));
  }

  /** More than the high-water mark: the channel is not writable until it was flushed. */
  private static Response big(String n) {
    return Response.text(n + "x".repeat(70_000));
  }

  @ParameterizedTest(name = "{0} {1} then the end: {2}")
  @CsvSource({
    "/work/, 2, false",
    "/loop/, 2, false",
    "/work/, 150, false",
    "/loop/, 150, false",
    "/work/, 150, true",
    "/loop/, 150, true",
    "/work/, 1000, false",
    "/loop/, 1000, false",
    "/work/, 1000, true",
    "/loop/, 1000, true",
  })
  void allInOnePacketAreAnsweredInOrder(String path, int count, boolean end) throws Exception {
    try (Server server = echo();
        RawClient client = RawClient.to(server)) {
      client.send(requests(path, count));
      if (end) {
        client.finish();
      }

      for (int i = 0; i < count; i++) {
        assertThat(client.read().text()).isEqualTo(i + "");
      }
      if (end) {
        assertThat(client.isAtEnd()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/work/", "/loop/"})
  void overTlsTheEndComesAfterAllOfThemToo(String path, @TempDir Path folder) throws Exception {
    SelfSigned self = SelfSigned.in(folder);
    try (Server server =
            Loopback.serve(
                App.of(PipeliningTest::echo),
                options -> options.tls(self.certificate(), self.key()));
        RawClient client = RawClient.overTls(server, self.client(), "http/1.1")) {
      client.send(requests(path, 1_000)).finish();

      for (int i = 0; i < 1_000; i++) {
        assertThat(client.read().text()).isEqualTo(i + "");
      }
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptionStaysWithItsRequest(boolean onEventLoop) throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  Route leaves = routes.get("/leaves", request -> interrupted());
                  Route throwing = routes.get("/throws", request -> interruption());
                  Route finds =
                      routes.get("/finds", request -> Response.text(Thread.interrupted() + ""));
                  if (onEventLoop) {
                    List.of(leaves, throwing, finds).forEach(Route::onEventLoop);
                  }
                });
        RawClient client = RawClient.to(server)) {
      String finds = Requests.get("/finds");
      client.send(Requests.get("/leaves") + finds + Requests.get("/throws") + finds);

      assertThat(client.read().text()).isEqualTo("left");
      assertThat(client.read().text()).isEqualTo("false");
      assertThat(client.read().status()).isEqualTo(500);
      assertThat(client.read().text()).isEqualTo("false");
    }
  }

  private static Response interrupted() {
    Thread.currentThread().interrupt();
    return Response.text("left");
  }

  private static Response interruption() throws InterruptedException {
    throw new InterruptedException("on purpose");
  }

  @Test
  void eachReadHasATimeOfItsOwn() throws Exception {
    try (Server server =
            Loopback.serve(
                routes ->
                    routes.get("/", request -> Response.text(request.receivedAt().toString())));
        RawClient client = RawClient.to(server)) {
      Instant first = Instant.parse(client.send(requests("/?", 1)).read().text());
      Instant between = Instant.now();
      while (Instant.now().toEpochMilli() <= between.toEpochMilli()) {
        Thread.onSpinWait(); // a millisecond at most
      }
      Instant second = Instant.parse(client.send(requests("/?", 1)).read().text());

      assertThat(first).isBeforeOrEqualTo(between);
      assertThat(second).isAfter(between.truncatedTo(ChronoUnit.MILLIS));
    }
  }

  @Test
  void workersAndEventLoopTakeTurnsInOrder() throws Exception {
    try (Server server = echo();
        RawClient client = RawClient.to(server)) {
      StringBuilder bytes = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        bytes.append(requests(i % 3 == 0 ? "/loop/" : "/work/", 1).replace("0 H", i + " H"));
        bytes.append("POST /work/").append(i).append(" HTTP/1.1\r\nHost: a\r\n");
        bytes.append("Content-Length: 1\r\n\r\nx");
      }
      client.send(bytes.toString()).finish();

      for (int i = 0; i < 600; i++) {
        assertThat(client.read().text()).isEqualTo(i / 2 + (i % 2 == 0 ? "" : "x"));
      }
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void answersThatFillTheChannelOneByOneDoNotFillTheStack() throws Exception {
    try (Server server = echo();
        RawClient client = RawClient.to(server)) {
      client.send(requests("/big/", 300)).finish();

      for (int i = 0; i < 300; i++) {
        assertThat(client.read().body()).hasSize(70_000 + (i + "").length());
      }
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void theNextRequestStartsWhenTheOneBeforeWasAnswered() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get(
                      "/slow",
                      request -> {
                        begun.incrementAndGet();
                        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
                        return Response.text("slow, and begun by then: " + begun);
                      });
                  routes.get("/quick", request -> Response.text("" + begun.incrementAndGet()));
                });
        RawClient client = RawClient.to(server)) {
      client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
      try (RawClient other = RawClient.to(server)) { // time for the second to begin, if it would
        other.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(other.read().status()).isEqualTo(200);
      }
      first.countDown();

      assertThat(client.read().text()).isEqualTo("slow, and begun by then: 2");
      assertThat(client.read().text()).isEqualTo("3");
    }
  }

  @Test
  void anAnswerDoesNotWaitForALaterRequest() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get("/quick", request -> Response.text("quick"));
                  routes.get(
                      "/slow",
                      request -> {
                        assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
                        return Response.text("slow");
                      });
                });
        RawClient client = RawClient.to(server)) {
      client.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(client.read().text()).isEqualTo("quick");
      answered.countDown();
      assertThat(client.read().text()).isEqualTo("slow");
    }
  }

  @Test
  void nothingIsHandledAfterAnAnswerThatEndsTheConnection() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get("/work/{n}", request -> Response.text("" + handled.incrementAndGet()));
                  routes.get(
                      "/last", request -> Response.text("last").header("Connection", "close"));
                });
        RawClient client = RawClient.to(server)) {
      client.send(
          requests("/work/", 3)
              + requests("/last", 1).replace("t0 H", "t H")
              + requests("/work/", 3));

      for (int i = 1; i <= 3; i++) {
        assertThat(client.read().text()).isEqualTo("" + i);
      }
      assertThat(client.read().text()).isEqualTo("last");
      assertThat(client.isAtEnd()).isTrue();
      assertThat(handled).hasValue(3);
    }
  }

  @Test
  void whatIsMalformedIsRefusedAfterTheAnswersBeforeIt() throws Exception {
    for (String malformed :
        new String[] {
          "GET /work/9 HTTP/1.1\r\n\r\n", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "?\r\n\r\n"
        }) {
      try (Server server = echo();
          RawClient client = RawClient.to(server)) {
        client.send(requests("/work/", 5) + malformed + requests("/work/", 5));

        for (int i = 0; i < 5; i++) {
          assertThat(client.read().text()).isEqualTo("" + i);
        }
        assertThat(client.read().status()).isEqualTo(400);
        assertThat(client.isAtEnd()).isTrue();
      }
    }
  }

  @Test
  void answersOfAllKindsKeepTheOrder() throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get("/0/{n}", request -> Response.text(request.param("n")));
                  routes.get("/1/{n}", request -> Response.text(request.param("n"))).onEventLoop();
                  routes.get(
                      "/2/{n}",
                      request ->
                          Response.stream(
                              "text/plain",
                              out -> {
                                out.write(request.param("n").getBytes(StandardCharsets.UTF_8));
                                out.flush();
                              }));
                  routes.get(
                      "/3/{n}",
                      request ->
                          Response.async(
                              CompletableFuture.supplyAsync(
                                  () -> Response.text(request.param("n")))));
                  routes.get(
                      "/4/{n}",
                      request -> Response.text(request.param("n")).background("task", () -> {}));
                  routes
                      .post(
                          "/5/{n}",
                          request -> {
                            request.stream().readAllBytes();
                            return Response.text(request.param("n"));
                          })
                      .streaming();
                });
        RawClient client = RawClient.to(server)) {
      StringBuilder bytes = new StringBuilder();
      int[] kinds = new Random(4711).ints(400, 0, 6).toArray();
      for (int i = 0; i < 400; i++) {
        int kind = kinds[i];
        bytes.append(kind == 5 ? "POST" : "GET").append(" /").append(kind).append('/').append(i);
        bytes.append(" HTTP/1.1\r\nHost: a\r\n");
        bytes.append(kind == 5 ? "Content-Length: 3\r\n\r\nabc" : "\r\n");
      }
      client.send(bytes.toString()).finish();

      for (int i = 0; i < 400; i++) {
        String answer = client.read().text();
        String chunk = (i + "").length() + "\r\n" + i + "\r\n0\r\n\r\n";
        if (kinds[i] == 2) {
          assertThat(client.readText(chunk.length())).isEqualTo(chunk);
        } else {
          assertThat(answer).isEqualTo("" + i);
        }
      }
      assertThat(client.isAtEnd()).isTrue();
    }
  }
}
