package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postlude.App;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.Reply;
import dev.postlude.wire.Requests;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server under load, and with clients that mean it ill or leave in the middle. */
class PromisesTest {
  private static final int MIB = 1024 * 1024;
  private static final int CLIENTS = 4;

  /** Connections that lie idle meanwhile; {@code -Dpostlude.idle=9500} for many. */
  private static final int IDLE = Integer.getInteger("postlude.idle", 1_000);

  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(200);
  private final CountDownLatch quick = new CountDownLatch(10);
  private final CountDownLatch written = new CountDownLatch(1);
  private final AtomicInteger ran = new AtomicInteger();
  private LogLines log;
  private Server server;

  @BeforeEach
  void quiet() {
    log = LogLines.of("dev.postlude");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
    log.close();
  }

  private void start(BackgroundOptions background) {
    server = App.of(this::routes).with(Loopback.options()).with(background).start();
  }

  private void start() {
    start(BackgroundOptions.defaults());
  }

  private void routes(Routes routes) {
    routes.get("/", request -> Response.text("fine"));
    routes.post("/", request -> Response.text(request.text()));
    routes.post(
        "/task", request -> Response.of(202).background("task", () -> ran.incrementAndGet()));
    routes.post("/hung", request -> Response.of(202).background("hung", this::hang));
    routes.post("/quick", request -> Response.of(202).background("quick", quick::countDown));
    routes.get("/big", request -> Response.bytes("application/x", new byte[4 * MIB]));
    routes.get(
        "/held",
        request ->
            Response.stream(
                "text/plain",
                out -> {
                  out.write('a');
                  out.flush();
                  out.write(hold() ? 'b' : 'c');
                }));
    routes.get(
        "/endless",
        request ->
            Response.stream(
                "application/x",
                out -> {
                  byte[] piece = new byte[8 * 1024];
                  for (int i = 0; i < 8 * MIB / piece.length; i++) {
                    out.write(piece);
                  }
                  written.countDown();
                }));
  }

  private boolean hold() throws IOException {
    try {
      return release.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void hang() throws InterruptedException {
    begun.countDown();
    release.await(30, TimeUnit.SECONDS);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private void assertAccounted() {
    server.close();
    server
        .background()
        .stats()
        .groups()
        .forEach(
            (name, group) ->
                assertThat(group.submitted())
                    .as(name)
                    .isEqualTo(
                        group.succeeded() + group.failed() + group.rejected() + group.skipped()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDownloadThatIsNotReadCostsLessThanEightMebibytes(boolean http2) throws Exception {
    start();
    try (RawClient client = RawClient.withSmallBuffer(server)) {
      if (http2) {
        RawHttp2.open(client).get("/endless");
      } else {
        client.send(Requests.get("/endless"));
      }

      assertThat(written.await(700, TimeUnit.MILLISECONDS))
          .as("eight mebibytes went to the kernel and to our buffers")
          .isFalse();
      try (RawClient other = RawClient.to(server)) {
        assertThat(other.send(Requests.get("/")).read().text()).isEqualTo("fine");
      }
    }
  }

  @Test
  void whatIsReadIsWritten() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(Requests.get("/endless", "Connection: close"));

      assertThat(client.readAll().length()).isGreaterThan(8 * MIB);
      assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatEndsItsSideWhileItIsAnsweredIsLeftAfterTheAnswer() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      client.send(Requests.get("/held"));
      assertThat(client.readText("HTTP/1.1 200 OK".length())).isEqualTo("HTTP/1.1 200 OK");
      client.finish();
      assertThat(release.await(200, TimeUnit.MILLISECONDS)).isFalse(); // it is seen meanwhile
      release.countDown();

      assertThat(client.readAll()).endsWith("1\r\nb\r\n0\r\n\r\n");
    }
  }

  @Test
  void aRequestThatComesByteForByteIsAnswered() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      String all =
          Requests.post("/", "hello")
              + Requests.head("POST", "/", "Transfer-Encoding: chunked")
              + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
      for (char each : all.toCharArray()) {
        client.send(each + "");
      }

      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(client.read().text()).isEqualTo("hello");
    }
  }

  @Test
  void aBurstAboveCapacityIsAnsweredOrRefusedAndNothingElse() throws Exception {
    start(
        BackgroundOptions.defaults().defaultGroup(TaskGroup.DEFAULT.maxConcurrent(1).maxQueued(3)));
    try (RawClient other = RawClient.to(server)) {
      assertThat(other.send(Requests.post("/hung", "")).read().status()).isEqualTo(202);
      List<Integer> statuses = inParallel(50, client -> client.send(Requests.post("/task", "")));
      assertThat(other.send(Requests.get("/")).read().text()).isEqualTo("fine");

      assertThat(statuses).hasSize(CLIENTS * 50).containsOnly(202, 503).contains(503);
      release.countDown();
      server.close();
      assertThat(statuses.stream().filter(status -> status == 202)).hasSize(ran.get());
      assertAccounted();
    }
  }

  private interface Step {
    void send(RawClient client) throws IOException;
  }

  private List<Integer> inParallel(int times, Step step) throws Exception {
    Callable<List<Integer>> one =
        () -> {
          List<Integer> statuses = new ArrayList<>();
          try (RawClient client = RawClient.to(server)) {
            for (int i = 0; i < times; i++) {
              step.send(client);
              statuses.add(client.read().status());
            }
          }
          return statuses;
        };
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Integer> all = new ArrayList<>();
      for (Future<List<Integer>> each : clients.invokeAll(Collections.nCopies(CLIENTS, one))) {
        all.addAll(each.get());
      }
      return all;
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void tenQuickTasksRunBehindTwoHundredThatHang() throws Exception {
    start();
    try (RawClient client = RawClient.to(server)) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.send(Requests.post("/hung", "")).read().status()).isEqualTo(202);
      }
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(Requests.post("/quick", "")).read().status()).isEqualTo(202);
      }

      assertThat(quick.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoLeavesInTheMiddleTakesNothingAlong() throws Exception {
    Loopback.serve(this::routes).close(); // loads what stays open
    long before = openFiles();
    start();
    List<RawClient> idle = new ArrayList<>();
    AtomicInteger acknowledged = new AtomicInteger();
    try {
      for (int i = 0; i < IDLE; i++) {
        idle.add(RawClient.to(server));
      }
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        all.add(
            clients.submit(
                () -> {
                  for (int j = 0; j < 100; j++) {
                    come(first + j, acknowledged);
                  }
                  return null;
                }));
      }
      clients.shutdown();
      for (Future<?> each : all) {
        each.get();
      }
      assertThat(idle.get(0).send(Requests.get("/")).read().text()).isEqualTo("fine");
      assertThat(idle.get(IDLE - 1).send(Requests.get("/")).read().text()).isEqualTo("fine");
    } finally {
      for (RawClient each : idle) {
        each.close();
      }
    }
    assertAccounted();
    assertThat(acknowledged).hasValue(CLIENTS * 80);
    assertThat(ran.get()).isGreaterThanOrEqualTo(acknowledged.get());
    assertThat(openFiles()).isLessThan(before + 16);
    assertThat(log.all()).doesNotContain("WARNING", "SEVERE");
  }

  /** A client; every fifth of them leaves in the middle of something. */
  private void come(int number, AtomicInteger acknowledged) throws IOException {
    try (RawClient client = RawClient.to(server)) {
      switch (number % 15) {
        case 0 -> client.send("POST /task HTTP/1.1\r\nHost: a\r\nContent-Le").reset();
        case 5 -> client.send(Requests.post("/task", "")).reset();
        case 10 -> {
          client.send(Requests.get("/big"));
          client.readBytes(100);
          client.reset();
        }
        default -> {
          Reply reply = client.send(Requests.post("/task", "")).read();
          if (reply.status() == 202) {
            acknowledged.incrementAndGet();
          }
        }
      }
    }
  }
}
