package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tasks of one response run in the order in which they were attached; chains break, lists do not.
 */
class S05OrderTest {
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch quick = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private BackgroundTask task(String name) {
    return BackgroundTask.of(name, () -> ran.add(name));
  }

  private BackgroundTask failing(String name) {
    return BackgroundTask.of(
        name,
        () -> {
          ran.add(name);
          throw new IOException(name);
        });
  }

  private BackgroundTask async(String name) {
    return BackgroundTask.async(
        name,
        context ->
            CompletableFuture.runAsync(
                () -> ran.add(name), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)));
  }

  private void routes(Routes routes) {
    routes.get(
        "/list",
        r -> Response.of(200).background(task("a")).background(async("b")).background(task("c")));
    routes.get(
        "/list-fails",
        r -> Response.of(200).background(failing("a")).background(task("b")).background(task("c")));
    routes.get(
        "/chain",
        r -> Response.of(200).background(BackgroundTask.chain(task("a"), async("b"), task("c"))));
    routes.get("/then", r -> Response.of(200).background(async("a").then(task("b"))));
    routes.get(
        "/chain-fails",
        r ->
            Response.of(200)
                .background(BackgroundTask.chain(task("a"), failing("b"), task("never")))
                .background(task("c")));
    routes.get(
        "/then-fails",
        r -> Response.of(200).background(failing("a").then(task("never"))).background(task("b")));
    CyclicBarrier both = new CyclicBarrier(2);
    routes.get(
        "/parallel",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.parallel(
                            BackgroundTask.of("p", () -> both.await(10, TimeUnit.SECONDS)),
                            BackgroundTask.of("q", () -> both.await(10, TimeUnit.SECONDS)))
                        .then(task("after both"))));
    routes.get(
        "/waits",
        r -> Response.of(200).background("waits", () -> release.await(10, TimeUnit.SECONDS)));
    routes.get("/quick", r -> Response.of(200).background("quick", quick::countDown));
  }

  @ParameterizedTest
  @CsvSource({
    "/list, '[a, b, c]'",
    "/list-fails, '[a, b, c]'",
    "/chain, '[a, b, c]'",
    "/then, '[a, b]'",
    "/chain-fails, '[a, b, c]'",
    "/then-fails, '[a, b]'",
    "/parallel, '[after both]'",
  })
  void theOrderIsThatOfTheResponse(String path, String order) throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get(path)).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(ran).hasToString(order);
      assertThat(log.all()).doesNotContain("never");
    }
  }

  @Test
  void tasksOfAnotherResponseDoNotWait() throws Exception {
    try (Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get("/waits") + get("/quick"));
      client.read();
      client.read();

      assertThat(quick.await(10, TimeUnit.SECONDS)).isTrue();
      release.countDown();
    }
  }
}
