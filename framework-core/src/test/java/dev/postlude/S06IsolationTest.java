package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task throws stays on its own side: the connection, its requests and its answers go on. */
class S06IsolationTest {
  private final List<String> mapped = Collections.synchronizedList(new ArrayList<>());
  private final List<String> reported = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch failed = new CountDownLatch(1);

  private void routes(Routes routes) {
    routes.onError(
        Throwable.class,
        (request, error) -> {
          mapped.add(error.toString());
          return Response.of(500);
        });
    routes.get("/ok", request -> Response.text("ok"));
    routes.get("/exception", r -> afterwards(new IOException("lost")));
    routes.get("/error", r -> afterwards(new AssertionError("lost")));
    routes.get("/stack", r -> afterwards(new StackOverflowError("lost")));
    routes.get("/interrupted", r -> afterwards(new InterruptedException("lost")));
    routes.get(
        "/stage",
        r ->
            Response.of(202)
                .background(
                    BackgroundTask.async(
                        "lossy", c -> CompletableFuture.failedFuture(new IOException("lost")))));
    routes.get("/hook", this::failingHook);
    routes.get("/loop", r -> afterwards(new IOException("lost"))).onEventLoop();
    routes.get(
        "/wait",
        request -> {
          assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
          return Response.text("waited for the failure");
        });
  }

  private Response failingHook(Request request) {
    request.onFinish(
        exchange -> {
          failed.countDown();
          throw new IOException("lost");
        });
    return Response.of(202);
  }

  private Response afterwards(Throwable error) {
    return Response.of(202)
        .background(
            "lossy",
            () -> {
              failed.countDown();
              S06IsolationTest.<RuntimeException>sneak(error);
            });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable error) throws T {
    throw (T) error;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/exception", "/error", "/stack", "/interrupted", "/stage", "/loop", "/hook"})
  void aFailureReachesNeitherTheConnectionNorTheErrorMappers(String path) throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get(path));
      Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(202);
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(client.send(get("/ok")).read().text()).isEqualTo("ok");
      assertThat(mapped).isEmpty();
      assertThat(log.all()).contains("lost");
    }
  }

  @Test
  void theNextRequestOfAPipelineIsAnsweredWhileTheTaskFails() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      client.send(get("/exception") + get("/wait") + get("/ok"));

      assertThat(client.read().status()).isEqualTo(202);
      assertThat(client.read().text()).isEqualTo("waited for the failure");
      assertThat(client.read().text()).isEqualTo("ok");
      assertThat(log).isNotNull();
    }
  }

  @Test
  void theLogNamesTaskRouteAndRequestAndTheAppIsTold() throws Exception {
    App app =
        App.of(routes -> routes.get("/users/{id}", r -> afterwards(new IOException("lost"))))
            .with(
                BackgroundOptions.defaults()
                    .onError(
                        (task, error) -> reported.add(task.name() + " " + error.getMessage())));
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      client.send(get("/users/7", "X-Request-Id: id-42")).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(reported).containsExactly("lossy lost");
      assertThat(log.await(line -> line.contains("lost")))
          .contains("lossy", "/users/{id}", "id-42", "java.io.IOException: lost");
    }
  }
}
