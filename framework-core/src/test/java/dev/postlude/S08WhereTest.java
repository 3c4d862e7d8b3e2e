package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskGroup;
import dev.postlude.concurrent.Threads;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks run on threads of their own: never an event loop's, never one that handlers run on. */
class S08WhereTest {
  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);

  private Response everywhere() {
    return Response.of(200)
        .background("task", this::here)
        .background(
            BackgroundTask.chain(BackgroundTask.of(this::here), BackgroundTask.of(this::here)))
        .background(
            BackgroundTask.parallel(BackgroundTask.of(this::here), BackgroundTask.of(this::here)))
        .background(
            BackgroundTask.async(
                "async",
                context -> {
                  here();
                  return CompletableFuture.completedFuture(null);
                }));
  }

  private void here() {
    threads.add(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/worker", "/loop", "/later"})
  void aTaskRunsOnABackgroundWorkerWhereverItsHandlerRan(String path) throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get("/worker", request -> with(request));
                  routes.get("/loop", request -> with(request)).onEventLoop();
                  routes.get(
                      "/later",
                      request ->
                          Response.async(CompletableFuture.supplyAsync(() -> with(request))));
                });
        RawClient client = RawClient.to(server)) {
      client.send(get(path)).read();

      for (int i = 0; i < 7; i++) { // the hook and six tasks
        Thread thread = threads.poll(10, TimeUnit.SECONDS);
        assertThat(thread).isNotNull();
        assertThat(thread.getName()).startsWith("postlude-background");
        assertThat(isVirtual(thread)).isEqualTo(Threads.areVirtual());
      }
    }
  }

  private Response with(Request request) {
    request.onFinish(exchange -> here());
    return everywhere();
  }

  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    return Threads.areVirtual() && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
  }

  @Test
  void tasksThatBlockHoldUpNoRequest() throws Exception {
    int blocked = 40;
    CountDownLatch begun = new CountDownLatch(blocked);
    App app =
        App.of(
            routes -> {
              routes.get(
                  "/block",
                  request ->
                      Response.of(202)
                          .background(
                              "blocks",
                              () -> {
                                begun.countDown();
                                release.await(10, TimeUnit.SECONDS);
                              }));
              routes.get("/quick", request -> Response.text("quick"));
              routes.get("/loop", request -> Response.text("loop")).onEventLoop();
            });
    try (Server server = Loopback.serve(app, options -> options.workerThreads(2).eventLoops(1));
        RawClient client = RawClient.to(server)) {
      client.send(get("/block").repeat(blocked));
      for (int i = 0; i < blocked; i++) {
        assertThat(client.read().status()).isEqualTo(202);
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(client.send(get("/quick")).read().text()).isEqualTo("quick");
      assertThat(client.send(get("/loop")).read().text()).isEqualTo("loop");
      release.countDown();
    }
  }

  @Test
  void slowWorkOfOneGroupDoesNotStarveAnother() throws Exception {
    TaskGroup pdf = TaskGroup.of("pdf").maxConcurrent(1);
    CountDownLatch mail = new CountDownLatch(1);
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get(
                      "/pdf",
                      request ->
                          Response.of(202)
                              .background(
                                  BackgroundTask.of(
                                          "pdf", () -> release.await(10, TimeUnit.SECONDS))
                                      .group(pdf)));
                  routes.get(
                      "/mail", request -> Response.of(202).background("mail", mail::countDown));
                });
        RawClient client = RawClient.to(server)) {
      client.send(get("/pdf").repeat(20) + get("/mail"));

      assertThat(mail.await(10, TimeUnit.SECONDS)).isTrue();
      release.countDown();
    }
  }
}
