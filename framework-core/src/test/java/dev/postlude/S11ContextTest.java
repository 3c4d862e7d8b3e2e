package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.context.ContextCarrier;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Context is captured where a task is attached, holds around every attempt, and never leaks. */
class S11ContextTest {
  private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private BackgroundTask task(String name) {
    return BackgroundTask.of(name, () -> ran.add(name + "=" + TENANT.get()));
  }

  private static Response in(String tenant, CallableResponse call) throws Exception {
    TENANT.set(tenant);
    try {
      return call.call();
    } finally {
      TENANT.remove();
    }
  }

  private interface CallableResponse {
    Response call() throws Exception;
  }

  private void routes(Routes routes) {
    routes.get("/handler", r -> in("acme", () -> Response.of(200).background(task("a"))));
    routes
        .get("/loop", r -> in("acme", () -> Response.of(200).background(task("a"))))
        .onEventLoop();
    routes
        .get("/filter", r -> in("inner", () -> Response.of(200).background(task("a"))))
        .filter(
            (request, next) -> {
              Response response = next.handle(request);
              return in("outer", () -> response.background(task("b")));
            });
    routes.get(
        "/async",
        r ->
            in(
                "handler",
                () ->
                    Response.async(
                            CompletableFuture.supplyAsync(
                                () -> Response.of(200).background(task("a")),
                                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)))
                        .background(task("b"))));
    routes.get(
        "/retried",
        r ->
            in(
                "acme",
                () ->
                    Response.of(200)
                        .background(
                            BackgroundTask.of(
                                    "a",
                                    context -> {
                                      ran.add(context.attempt() + "=" + TENANT.get());
                                      TENANT.set("left behind");
                                      if (context.attempt() == 1) {
                                        throw new IOException();
                                      }
                                    })
                                .retry(Retry.times(1)))));
    routes.get(
        "/leak",
        r ->
            Response.of(200)
                .background("a", () -> TENANT.set("left behind"))
                .background(task("b")));
    routes.get("/none", r -> Response.of(200).background(task("a")));
    routes.get(
        "/made-before",
        r -> {
          Response made = in("there", () -> Response.of(200).background(task("a")));
          return in("here", () -> made.background(task("b")));
        });
    routes.get(
        "/parallel",
        r ->
            in(
                "acme",
                () ->
                    Response.of(200)
                        .background(task("a").then(BackgroundTask.parallel(task("b"))))));
  }

  @ParameterizedTest
  @CsvSource({
    "/handler, '[a=acme]'",
    "/loop, '[a=acme]'",
    "/filter, '[a=inner, b=outer]'",
    "/async, '[a=null, b=handler]'",
    "/retried, '[1=acme, 2=acme]'",
    "/leak, '[b=null]'",
    "/none, '[a=null]'",
    "/made-before, '[a=there, b=here]'",
    "/parallel, '[a=acme, b=acme]'",
  })
  void theContextIsThatOfThePlaceOfAttachment(String path, String expected) throws Exception {
    App app =
        App.of(this::routes)
            .with(BackgroundOptions.defaults().carriers(ContextCarrier.ofThreadLocal(TENANT)));
    try (Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      for (int i = 0; i < 3; i++) { // threads are used again
        ran.clear();
        client.send(get(path)).read();
        assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

        assertThat(ran).hasToString(expected);
      }
    }
  }
}
