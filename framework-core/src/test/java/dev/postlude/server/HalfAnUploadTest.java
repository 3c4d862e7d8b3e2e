package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.Exchange;
import dev.postlude.background.Outcome;
import dev.postlude.http.DisconnectedException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.wire.Http2Bytes;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that leave while a handler reads what they upload: no error of anybody's here. */
class HalfAnUploadTest {
  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private LogLines log;
  private Server server;

  @BeforeEach
  void start() {
    log = LogLines.of("dev.postlude");
    App app =
        App.of(
            routes -> {
              routes.onError(
                  Exception.class,
                  (request, error) -> {
                    seen.add("mapped " + error);
                    return Response.of(500);
                  });
              routes.post("/plain", request -> read(request)).streaming();
              routes
                  .post(
                      "/wrapped",
                      request -> {
                        try {
                          return read(request);
                        } catch (DisconnectedException e) {
                          throw new UncheckedIOException(e);
                        }
                      })
                  .streaming();
              routes
                  .post(
                      "/answered",
                      request -> {
                        try {
                          return read(request);
                        } catch (DisconnectedException e) {
                          return Response.text("whoever reads that");
                        }
                      })
                  .streaming();
              routes
                  .post("/echo", request -> Response.stream("text/x", request.stream()::transferTo))
                  .streaming();
            });
    server = Loopback.serve(app.with((request, next) -> hooked(next.handle(request))));
  }

  private Response hooked(Response response) {
    return response.background("note", context -> seen.add(context.exchange()));
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  private Response read(Request request) throws Exception {
    InputStream in = request.stream();
    seen.add(new String(in.readNBytes(2), StandardCharsets.US_ASCII));
    in.readAllBytes();
    return Response.text("all of it");
  }

  private Object next() throws InterruptedException {
    return seen.poll(10, TimeUnit.SECONDS);
  }

  private void assertDisconnected() throws Exception {
    assertThat(next())
        .isInstanceOfSatisfying(
            Exchange.class,
            exchange -> {
              assertThat(exchange.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(exchange.bytesWritten()).isZero();
            });
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE", "500 for");
  }

  private static String head(String path) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nab";
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/wrapped", "/answered"})
  void aResetInTheMiddle(String path) throws Exception {
    RawClient client = RawClient.to(server).send(head(path));
    assertThat(next()).isEqualTo("ab");
    client.reset();

    assertDisconnected();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/wrapped", "/answered"})
  void anEndInTheMiddleIsNotAnswered(String path) throws Exception {
    try (RawClient client = RawClient.to(server).send(head(path))) {
      assertThat(next()).isEqualTo("ab");
      client.finish();

      assertDisconnected();
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void aChunkThatIsCutOff() throws Exception {
    RawClient client =
        RawClient.to(server)
            .send("POST /plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc");
    assertThat(next()).isEqualTo("ab");
    client.reset();

    assertDisconnected();
  }

  @Test
  void oneThatIsAnsweredWhileItComesIn() throws Exception {
    try (RawClient client = RawClient.to(server).send(head("/echo"))) {
      assertThat(client.readText(17)).isEqualTo("HTTP/1.1 200 OK\r\n");
      client.finish();
      assertThat(client.readAll()).doesNotEndWith("\r\n0\r\n\r\n");
    }

    assertThat(next())
        .isInstanceOfSatisfying(
            Exchange.class,
            exchange -> assertThat(exchange.outcome()).isEqualTo(Outcome.DISCONNECTED));
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  private RawClient halfAStream(String path) throws Exception {
    RawClient client = RawClient.to(server).send(Http2Bytes.preface());
    client.send(Http2Bytes.post(1, path)).send(Http2Bytes.data(1, "ab"));
    assertThat(next()).isEqualTo("ab");
    return client;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/wrapped", "/answered"})
  void aStreamThatIsCancelled(String path) throws Exception {
    try (RawClient client = halfAStream(path)) {
      client.send(Http2Bytes.cancel(1));

      assertDisconnected();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/wrapped", "/answered"})
  void aConnectionOfStreamsThatIsReset(String path) throws Exception {
    halfAStream(path).reset();

    assertDisconnected();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/wrapped", "/answered"})
  void aConnectionOfStreamsThatEnds(String path) throws Exception {
    try (RawClient client = halfAStream(path)) {
      client.finish();

      assertDisconnected();
      client.readAll(); // and it is closed from the other side too
    }
  }
}
