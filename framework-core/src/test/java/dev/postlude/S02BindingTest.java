package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.HttpException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tasks that run are those of the response that is finally written. */
class S02BindingTest {
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private Response with(Response response, String task) {
    return response.background(task, () -> ran.add(task));
  }

  private Response handled() {
    return with(Response.text("handled"), "handler");
  }

  private void routes(Routes routes) {
    routes.onError(IOException.class, (request, error) -> with(Response.of(502), "error handler"));
    routes.get("/plain", request -> handled());
    routes
        .get("/derived", request -> handled())
        .filter((request, next) -> next.handle(request).header("X", "1").status(201));
    routes
        .get("/added", request -> handled())
        .filter((request, next) -> with(next.handle(request), "filter"));
    routes
        .get(
            "/derived-async",
            request -> Response.async(CompletableFuture.supplyAsync(this::handled)))
        .filter((request, next) -> with(next.handle(request).header("X", "1"), "filter"));
    routes
        .get("/replaced", request -> handled())
        .filter(
            (request, next) -> {
              next.handle(request);
              return Response.text("replaced");
            });
    routes
        .get("/replaced-with-tasks", request -> handled())
        .filter(
            (request, next) -> {
              next.handle(request);
              return with(Response.text("replaced"), "filter");
            });
    routes
        .get("/filter-throws", request -> handled())
        .filter(
            (request, next) -> {
              next.handle(request);
              throw new IOException();
            });
    routes
        .get(
            "/mapped-async",
            request -> Response.async(CompletableFuture.supplyAsync(this::handled)))
        .filter((request, next) -> next.handle(request).map(response -> Response.of(410)));
    routes.get(
        "/thrown",
        request -> {
          handled();
          throw new IOException();
        });
    routes.get(
        "/http-error",
        request -> {
          handled();
          throw new HttpException(409, "").background("refused", () -> ran.add("refused"));
        });
    routes.get(
        "/bug",
        request -> {
          handled();
          throw new IllegalStateException();
        });
    routes.get(
        "/forgotten",
        request -> {
          Response response = Response.text("forgotten");
          with(response, "on a copy that is not returned");
          return response;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "/plain, 200, [handler]",
    "/derived, 201, [handler]",
    "/added, 200, '[handler, filter]'",
    "/derived-async, 200, '[handler, filter]'",
    "/replaced, 200, []",
    "/replaced-with-tasks, 200, [filter]",
    "/filter-throws, 502, [error handler]",
    "/mapped-async, 410, []",
    "/thrown, 502, [error handler]",
    "/http-error, 409, [refused]",
    "/bug, 500, []",
    "/forgotten, 200, []",
  })
  void theTasksAreThoseOfTheResponseThatIsWritten(String path, int status, String tasks)
      throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(this::routes);
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get(path)).read().status()).isEqualTo(status);
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(ran).hasToString(tasks);
      assertThat(log.all()).doesNotContain("no answer could be made");
    }
  }
}
