package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawHttp2.Frame;
import dev.postlude.wire.Requests;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 clients that send cheap frames in masses. Each is sent away with GOAWAY and {@code
 * ENHANCE_YOUR_CALM} (RFC 9113 section 10.5), while others on the same event loop are served.
 */
class Http2FloodTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger handled = new AtomicInteger();
  private LogLines log;
  private Server server;
  private RawHttp2 bystander;

  @BeforeEach
  void start() throws Exception {
    log = LogLines.of("dev.postlude");
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> slow());
              routes.get("/fine", request -> Response.text("fine"));
              routes.post("/", request -> Response.text(request.text()));
            });
    // What ends a connection here is the flood, and not that it has asked for nothing so far.
    Duration never = Duration.ofMinutes(2);
    server =
        Loopback.serve(app, options -> options.eventLoops(1).headTimeout(never).idleTimeout(never));
    bystander = RawHttp2.to(server);
    assertThat(bystander.reply(bystander.get("/fine")).text()).isEqualTo("fine");
  }

  private Response slow() throws InterruptedException {
    handled.incrementAndGet();
    return Response.text(release.await(10, TimeUnit.SECONDS) + "");
  }

  @AfterEach
  void stop() throws Exception {
    release.countDown();
    bystander.close();
    server.close();
    log.close();
  }

  private void assertSentAway(RawHttp2 flooder) throws Exception {
    Frame goAway = flooder.await(RawHttp2.GOAWAY);
    assertThat(goAway.error()).as(RawHttp2.debug(goAway)).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
    assertGone(flooder);
  }

  private static void assertGone(RawHttp2 flooder) {
    assertThatIOException()
        .isThrownBy(
            () -> {
              while (true) {
                flooder.read();
              }
            })
        .isNotInstanceOf(SocketTimeoutException.class);
  }

  private void assertOthersAreServed() throws Exception {
    assertThat(bystander.reply(bystander.get("/fine")).text()).isEqualTo("fine");
    try (RawHttp2 fresh = RawHttp2.to(server);
        RawClient older = RawClient.to(server)) {
      assertThat(fresh.reply(fresh.get("/fine")).text()).isEqualTo("fine");
      assertThat(older.send(Requests.get("/fine")).read().text()).isEqualTo("fine");
    }
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  /** Sends all of it, unless the server has gone meanwhile: what it said can be read still. */
  private static void flood(RawHttp2 flooder, ByteArrayOutputStream frames) {
    try {
      flooder.client().send(frames.toByteArray());
    } catch (IOException e) {
      // closed by the server, as it should be
    }
  }

  @Test
  void aHundredResetsInHalfAMinuteAreBorneAndNoMore() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      for (int i = 0; i < 100; i++) {
        flooder.send(RawHttp2.RST_STREAM, 0, flooder.get("/"), RawHttp2.number(RawHttp2.CANCEL));
      }
      assertThat(flooder.reply(flooder.get("/fine")).text()).isEqualTo("fine");

      flooder.send(RawHttp2.RST_STREAM, 0, flooder.get("/"), RawHttp2.number(RawHttp2.CANCEL));
      assertSentAway(flooder);
      assertOthersAreServed();
    }
    assertThat(handled.get()).isLessThanOrEqualTo(101);
  }

  @Test
  void aServerThatIsMadeToResetIsNotADetour() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int i = 0; i < 101; i++) {
        int stream = flooder.nextStream();
        frames.writeBytes(
            RawHttp2.frame(
                RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, flooder.request("POST", "/")));
        frames.writeBytes( // RFC 9113 section 6.9.1: a window beyond its limit is a stream error
            RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, stream, RawHttp2.number(Integer.MAX_VALUE)));
      }
      flood(flooder, frames);

      assertSentAway(flooder);
      assertOthersAreServed();
    }
  }

  @Test
  void manySmallContinuationsAreNoHead() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      int stream = flooder.nextStream();
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(
          RawHttp2.frame(
              RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, flooder.request("GET", "/")));
      for (int i = 0; i < 100; i++) {
        frames.writeBytes(RawHttp2.frame(RawHttp2.CONTINUATION, 0, stream));
      }
      flood(flooder, frames);

      assertSentAway(flooder);
      assertOthersAreServed();
    }
    assertThat(handled).hasValue(0);
  }

  @Test
  void largeContinuationsEndWhereTheHeaderListDoes() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      int stream = flooder.nextStream();
      byte[] block = flooder.request("GET", "/", "x", "~".repeat(8_000));
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, block));
      for (int i = 0; i < 100; i++) {
        frames.writeBytes(RawHttp2.frame(RawHttp2.CONTINUATION, 0, stream, new byte[8_000]));
      }
      flood(flooder, frames);

      assertGone(flooder);
      assertOthersAreServed();
    }
    assertThat(handled).hasValue(0);
  }

  @Test
  void emptyDataFramesAreNoBody() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      int stream = flooder.nextStream();
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(
          RawHttp2.frame(
              RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, flooder.request("POST", "/")));
      for (int i = 0; i < 100; i++) {
        frames.writeBytes(RawHttp2.frame(RawHttp2.DATA, 0, stream));
      }
      flood(flooder, frames);

      assertSentAway(flooder);
      assertOthersAreServed();
    }
  }

  @Test
  void pingsWhoseAnswersAreReadCostNobodyAnything() throws Exception {
    try (RawHttp2 flooder = RawHttp2.to(server)) {
      flooder.await(RawHttp2.SETTINGS);
      for (int i = 0; i < 100; i++) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int j = 0; j < 100; j++) {
          frames.writeBytes(RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
        }
        flooder.client().send(frames.toByteArray());
        for (int j = 0; j < 100; j++) {
          assertThat(flooder.await(RawHttp2.PING).has(RawHttp2.ACK)).isTrue();
        }
      }

      assertThat(flooder.reply(flooder.get("/fine")).text()).isEqualTo("fine");
      assertOthersAreServed();
    }
  }

  @Test
  void pingsWhoseAnswersAreNotReadAreNotHoarded() throws Exception {
    floodWithoutReading(RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
  }

  @Test
  void settingsWhoseAnswersAreNotReadAreNotHoarded() throws Exception {
    floodWithoutReading(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0));
  }

  /**
   * Sends a million frames, which all ask for an answer: up to 17 MB. The kernel alone holds some
   * hundred thousand answers, and to follow each in search of leaks would take half a minute.
   */
  private void floodWithoutReading(byte[] frame) throws Exception {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try (RawHttp2 flooder = RawHttp2.open(RawClient.withSmallBuffer(server))) {
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int i = 0; i < 1_000; i++) {
        frames.writeBytes(frame);
      }
      byte[] thousand = frames.toByteArray();

      assertThatIOException()
          .as("the server hangs up before it has taken a million")
          .isThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  flooder.client().send(thousand);
                }
              });
      assertOthersAreServed();
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }
  }
}
