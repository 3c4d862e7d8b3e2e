package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.Outcome;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long a client may take. Limits are short here and waiting is for the end of the stream, or
 * for a byte of an answer: a server that waits for ever fails by the client's own patience.
 */
class TimeoutsTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int BIG = 32 << 20;

  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final CountDownLatch release = new CountDownLatch(1);

  private Server serve(UnaryOperator<ServerOptions> change) {
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("fine"));
              routes.post("/", request -> Response.text(request.text()));
              routes.get("/slow", r -> Response.text(release.await(10, TimeUnit.SECONDS) + ""));
              routes.get(
                  "/big",
                  request -> {
                    request.onFinish(exchange -> outcome.complete(exchange.outcome()));
                    return Response.bytes("application/x", new byte[BIG]);
                  });
            });
    return Loopback.serve(app, change);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n\r\n"})
  void aConnectionOnWhichNothingComesIsClosed(String bytes) throws Exception {
    try (Server server = serve(options -> options.headTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send(bytes);

      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void aHeadThatDoesNotComeToItsEndIsA408() throws Exception {
    try (Server server = serve(options -> options.headTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost:");

      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aHeadThatComesByteForByteIsNoSafer() throws Exception {
    try (Server server = serve(options -> options.headTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nX: ");
      client.socket().setSoTimeout(20);
      int sent = 0;
      String answer = "";
      while (answer.isEmpty()) {
        client.send("x");
        sent++;
        answer = readOrNothing(client);
      }

      assertThat(answer).isEqualTo("H");
      assertThat(sent).isLessThan(1_000);
    }
  }

  private static String readOrNothing(RawClient client) throws Exception {
    try {
      return client.readText(1);
    } catch (SocketTimeoutException e) {
      return "";
    }
  }

  @Test
  void aKeptConnectionOnWhichNothingMoreComesIsClosed() throws Exception {
    try (Server server = serve(options -> options.idleTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("fine");

      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"})
  void theSecondHeadHasItsTimeFromItsFirstByte(String begin) throws Exception {
    try (Server server = serve(options -> options.headTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + begin);
      assertThat(client.read().text()).isEqualTo("fine");

      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void anEmptyLineBehindABodyDoesNotMakeAHead() throws Exception {
    try (Server server = serve(o -> o.headTimeout(SHORT).idleTimeout(Duration.ofMillis(700)));
        RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody\r\n");
      assertThat(client.read().text()).isEqualTo("body");

      assertThat(client.readAll()).as("idle, not late").isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 5, he", "Transfer-Encoding: chunked, '5\r\nhe'"})
  void aBodyThatDoesNotComeToItsEndIsA408(String framing, String begin) throws Exception {
    try (Server server = serve(options -> options.bodyTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n" + begin);

      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aBodyThatComesByteForByteIsTooSlowToo() throws Exception {
    try (Server server = serve(options -> options.bodyTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
      client.socket().setSoTimeout(20);
      int sent = 0;
      while (readOrNothing(client).isEmpty()) {
        client.send("x");
        sent++;
      }

      assertThat(sent).isLessThan(1_000);
    }
  }

  @Test
  void aHandlerMayTakeItsTime() throws Exception {
    try (Server server = serve(o -> o.headTimeout(SHORT).bodyTimeout(SHORT).idleTimeout(SHORT));
        RawClient client = RawClient.to(server)) {
      client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(release.await(700, TimeUnit.MILLISECONDS)).isFalse(); // far over the limits
      release.countDown();

      assertThat(client.read().text()).isEqualTo("true");
    }
  }

  @Test
  void aClientThatTakesNoByteOfItsAnswerIsCutOff() throws Exception {
    try (Server server = serve(options -> options.writeTimeout(SHORT));
        RawClient client = RawClient.withSmallBuffer(server)) {
      client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.DISCONNECTED);
      assertThat(readToTheEnd(client)).isLessThan(BIG);
    }
  }

  private static int readToTheEnd(RawClient client) throws Exception {
    try {
      return client.readAll().length();
    } catch (SocketException e) {
      return 0; // a reset is an end too
    }
  }

  @Test
  void aClientThatIsBusyWithAnAnswerIsNotIdle() throws Exception {
    try (Server server = serve(options -> options.idleTimeout(SHORT).headTimeout(SHORT));
        RawClient kept = RawClient.withSmallBuffer(server);
        RawClient closed = RawClient.withSmallBuffer(server)) {
      kept.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
      closed.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      // Reading nothing for longer than the limits, and than a lingering close.
      assertThat(release.await(1600, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(outcome).isNotDone();

      assertThat(kept.read().body()).hasSize(BIG);
      assertThat(closed.read().body()).hasSize(BIG);
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.SENT);
      assertThat(kept.isAtEnd()).isTrue();
      assertThat(closed.isAtEnd()).isTrue();
    }
  }

  @Test
  void aRefusedClientThatNeitherReadsNorLeavesIsLeft() throws Exception {
    try (Server server = serve(options -> options.maxConnections(1));
        RawClient client = RawClient.to(server)) {
      client.send("nonsense\r\n\r\n");
      try (RawClient next = RawClient.to(server)) {
        next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(next.read().text()).isEqualTo("fine");
      }
    }
  }
}
