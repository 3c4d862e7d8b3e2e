package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.TaskGroup;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a task holds when it comes from a response, too. */
class S14PolicyTest {
  private static final Duration MOMENT = Duration.ofMillis(30);
  private static final TaskGroup PDF = TaskGroup.of("pdf");

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private BackgroundTask task(String name) {
    return BackgroundTask.of(name, () -> ran.add(name));
  }

  private BackgroundTask failingUntil(int attempt) {
    return BackgroundTask.of(
        "unreliable",
        context -> {
          ran.add("attempt " + context.attempt());
          if (context.attempt() < attempt) {
            throw new IOException("attempt " + context.attempt());
          }
        });
  }

  private void routes(Routes routes) {
    routes.get(
        "/named",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.of(
                            context -> ran.add(context.name() + " " + context.group().name()))
                        .named("renamed")
                        .group(PDF)));
    routes.get(
        "/retry",
        r ->
            Response.of(200)
                .background(failingUntil(3).retry(Retry.times(3).backoff(MOMENT).jitter(0.5))));
    routes.get(
        "/retry-of-another-kind",
        r ->
            Response.of(200)
                .background(failingUntil(3).retry(Retry.times(3).on(IllegalStateException.class))));
    routes.get(
        "/retry-in-a-chain",
        r ->
            Response.of(200)
                .background(
                    failingUntil(2).retry(Retry.times(1).backoff(MOMENT)).then(task("behind it"))));
    CountDownLatch neighbour = new CountDownLatch(1);
    routes.get(
        "/retry-beside-another",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.of(
                            "waits for its neighbour",
                            context -> {
                              if (context.attempt() == 1) {
                                throw new IOException();
                              }
                              ran.add("again: " + neighbour.await(10, TimeUnit.SECONDS));
                            })
                        .retry(Retry.times(1).backoff(MOMENT)))
                .background("neighbour", neighbour::countDown));
    routes.get(
        "/timeout",
        r ->
            Response.of(200)
                .background(BackgroundTask.of("slow", this::sleepUntilInterrupted).timeout(MOMENT))
                .background(task("goes on")));
    routes.get(
        "/timeout-of-a-stage",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.async(
                            "slow",
                            context -> {
                              CompletableFuture<Void> stage = new CompletableFuture<>();
                              stage.whenComplete(
                                  (nothing, error) -> ran.add("cancelled: " + stage.isCancelled()));
                              return stage;
                            })
                        .timeout(MOMENT)));
    routes.get(
        "/delay",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.of(
                            "delayed",
                            context ->
                                ran.add(
                                    "in time: "
                                        + !context
                                            .startedAt()
                                            .isBefore(
                                                context.exchange().finishedAt().plus(MOMENT))))
                        .delay(MOMENT)));
    routes.get(
        "/on-error",
        r ->
            Response.of(200)
                .background(
                    failingUntil(9).onError((context, error) -> ran.add("own " + kind(error)))));
    routes.get(
        "/on-error-after-timeout",
        r ->
            Response.of(200)
                .background(
                    BackgroundTask.async("slow", context -> new CompletableFuture<>())
                        .timeout(MOMENT)
                        .onError((context, error) -> ran.add("own " + kind(error)))));
  }

  private static String kind(Throwable error) {
    return error instanceof TimeoutException ? "timeout" : error.getMessage();
  }

  private void sleepUntilInterrupted() {
    try {
      new CountDownLatch(1).await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      ran.add("interrupted");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/named, '[renamed pdf]'",
    "/retry, '[attempt 1, attempt 2, attempt 3]'",
    "/retry-of-another-kind, '[attempt 1, app attempt 1]'",
    "/retry-in-a-chain, '[attempt 1, attempt 2, behind it]'",
    "/retry-beside-another, '[again: true]'",
    "/timeout, '[interrupted, app timeout, goes on]'",
    "/timeout-of-a-stage, '[cancelled: true, app timeout]'",
    "/delay, '[in time: true]'",
    "/on-error, '[attempt 1, own attempt 1, app attempt 1]'",
    "/on-error-after-timeout, '[own timeout, app timeout]'",
  })
  void holds(String path, String expected) throws Exception {
    App app =
        App.of(this::routes)
            .with(
                BackgroundOptions.defaults()
                    .onError((context, error) -> ran.add("app " + kind(error))));
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      client.send(get(path)).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(ran).hasToString(expected);
      assertThat(log).isNotNull();
    }
  }
}
