package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawHttp2.Frame;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Bounds of HTTP/2 that were changed hold where they are now, and not where they were. */
class Http2OptionsTest {
  private final CountDownLatch told = new CountDownLatch(1);

  private Server serve(UnaryOperator<Http2Options> change) {
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("fine"));
              routes.get("/told", request -> told());
              routes.post("/", request -> Response.text("fine"));
            });
    return Loopback.serve(
        app, options -> options.http2(change.apply(Http2Options.defaults())).eventLoops(1));
  }

  private Response told() {
    told.countDown();
    return Response.text("told");
  }

  /** A client that has had an answer, so that what is said first has been said. */
  private static RawHttp2 known(Server server) throws IOException {
    RawHttp2 client = RawHttp2.to(server);
    assertServed(client);
    return client;
  }

  private static void assertServed(RawHttp2 client) throws IOException {
    assertThat(client.reply(client.get("/")).text()).isEqualTo("fine");
  }

  private static void assertSentAway(RawHttp2 client) throws IOException {
    Frame goAway = client.await(RawHttp2.GOAWAY);
    assertThat(goAway.error()).as(RawHttp2.debug(goAway)).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
  }

  /**
   * The kernel holds some 250,000 answers before the first one waits in the server, so that it
   * takes more than the 1,000 of the default to tell them from a larger bound.
   */
  @Test
  void asManyAnswersWaitAsAreAllowedAndNoMore() throws Exception {
    int allowed = 400_000;
    byte[] pings = repeated(RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]), 1_000);
    byte[] answers = repeated(RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8]), allowed);
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE); // or it takes a minute
    try (Server server = serve(options -> options.maxAnswers(allowed));
        RawHttp2 client = RawHttp2.open(RawClient.withSmallBuffer(server))) {
      assertServed(client);
      for (int i = 0; i < allowed / 1_000; i++) {
        client.client().send(pings);
      }
      int last = client.get("/told");
      assertThat(told.await(30, TimeUnit.SECONDS)).as("all before it were taken").isTrue();
      assertThat(Arrays.equals(client.client().readBytes(answers.length), answers)).isTrue();
      assertThat(client.reply(last).text()).isEqualTo("told");

      assertThatIOException()
          .as("the server hangs up before it has taken a million")
          .isThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  client.client().send(pings);
                }
              });
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }
  }

  private static byte[] repeated(byte[] frame, int times) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      frames.writeBytes(frame);
    }
    return frames.toByteArray();
  }

  @Test
  void streamsBeyondThoseAllowedAreRefusedAlone() throws Exception {
    try (Server server = serve(options -> options.maxStreams(3));
        RawHttp2 client = known(server)) {
      for (int i = 0; i < 4; i++) {
        open(client);
      }

      Frame reset = client.await(RawHttp2.RST_STREAM);
      assertThat(reset.error()).isEqualTo(RawHttp2.REFUSED_STREAM);
      assertThat(reset.stream()).isEqualTo(9); // 1 was answered, 3, 5 and 7 are under way
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 3);
      assertThat(client.reply(3).text()).isEqualTo("fine");
      assertServed(client);
    }
  }

  /** Begins a request and does not end it. */
  private static int open(RawHttp2 client) throws IOException {
    int stream = client.nextStream();
    client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, client.request("POST", "/"));
    return stream;
  }

  @Test
  void resetsThatTheServerIsMadeToSendAreCounted() throws Exception {
    try (Server server = serve(options -> options.maxResets(3));
        RawHttp2 client = known(server)) {
      for (int i = 0; i < 4; i++) { // RFC 9113 section 6.9.1: a window beyond its limit
        client.send(RawHttp2.WINDOW_UPDATE, 0, open(client), RawHttp2.number(Integer.MAX_VALUE));
      }

      assertSentAway(client);
    }
  }

  @Test
  void resetsAreForgottenWhenTheirTimeIsOver() throws Exception {
    Duration window = Duration.ofSeconds(1);
    try (Server server = serve(options -> options.maxResets(3).resetWindow(window));
        RawHttp2 client = known(server)) {
      reset(client, 3);
      assertServed(client);
      long over = System.nanoTime() + window.toNanos();
      while (System.nanoTime() < over) { // the time itself is what is tested
        LockSupport.parkNanos(over - System.nanoTime());
      }

      reset(client, 3);

      assertServed(client);
    }
  }

  private static void reset(RawHttp2 client, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      client.send(RawHttp2.RST_STREAM, 0, open(client), RawHttp2.number(RawHttp2.CANCEL));
    }
  }
}
