package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.known;
import static dev.postlude.filter.InMemory.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimitTest {
  private static final Handler HELLO = request -> Response.text("x").background("t", () -> {});

  @Test
  void soManyAreInsideAndTheNextIsRefused() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch leave = new CountDownLatch(1);
    Handler waiting =
        request -> {
          inside.countDown();
          leave.await();
          return HELLO.handle(request);
        };
    ConcurrencyLimit limit = ConcurrencyLimit.of(3);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Response>> within = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        within.add(threads.submit(() -> answer(limit, Request.get("/"), waiting)));
      }
      assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

      Response refused = answer(limit, Request.get("/"), HELLO);

      assertThat(refused.status()).isEqualTo(503);
      assertThat(header(refused, "Retry-After")).isEqualTo("1");
      assertThat(tasks(refused)).isEmpty();
      leave.countDown();
      for (Future<Response> each : within) {
        assertThat(tasks(each.get(10, TimeUnit.SECONDS))).containsExactly("t");
      }
      assertThat(answer(limit, Request.get("/"), HELLO).status()).isEqualTo(200);
    } finally {
      leave.countDown();
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/fails", "/null", "/stage-fails", "/stage-null", "/filter-fails", "/none"})
  void whateverHappensInsideThePlaceIsFreeAgain(String path) throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.of(1);
    App app =
        App.of(
            routes -> {
              routes.filter(limit);
              routes.get("/", HELLO);
              routes.get(
                  "/fails",
                  request -> {
                    throw new IOException("expected by this test");
                  });
              routes.get("/null", request -> null);
              routes.get(
                  "/stage-fails",
                  r -> Response.async(CompletableFuture.failedFuture(new IOException("expected"))));
              routes.get(
                  "/stage-null", r -> Response.async(CompletableFuture.completedFuture(null)));
              routes
                  .get("/filter-fails", HELLO)
                  .filter(
                      (request, next) -> {
                        throw new IOException("expected by this test");
                      });
            });

    for (int i = 0; i < 3; i++) {
      assertThat(known(app.handle(Request.get(path))).status()).isIn(500, 404);
    }
    assertThat(app.handle(Request.get("/")).status()).isEqualTo(200);
  }

  @Test
  void whatIsThrownPastEveryBoundaryFreesThePlaceToo() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.of(1);
    Response failed = Response.async(CompletableFuture.failedFuture(new IOException("expected")));
    for (int i = 0; i < 2; i++) {
      assertThat(limit.filter(Request.get("/"), request -> failed).pending()).isNotNull();
      assertThatThrownBy(
              () ->
                  limit.filter(
                      Request.get("/"),
                      request -> {
                        throw new IOException("expected");
                      }))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAnswerToComeIsInsideUntilItIsThere() throws Exception {
    CompletableFuture<Response> stage = new CompletableFuture<>();
    ConcurrencyLimit limit = ConcurrencyLimit.of(1);
    App app =
        App.of(
            routes -> {
              routes.filter(limit);
              routes.get("/", HELLO);
              routes.get("/later", request -> Response.async(stage));
            });

    Response response = app.handle(Request.get("/later"));
    assertThat(app.handle(Request.get("/")).status()).isEqualTo(503);

    stage.complete(Response.text("there").background("t", () -> {}));
    assertThat(tasks(known(response))).containsExactly("t");
    assertThat(app.handle(Request.get("/")).status()).isEqualTo(200);
  }

  @Test
  void oneFilterIsOneCountAndACopyAnother() throws Exception {
    CompletableFuture<Response> stage = new CompletableFuture<>();
    ConcurrencyLimit limit = ConcurrencyLimit.of(1);
    App app =
        App.of(
            routes -> {
              routes.get("/a", request -> Response.async(stage)).filter(limit);
              routes.get("/b", HELLO).filter(limit);
              routes.get("/c", HELLO).filter(limit.retryAfter(Duration.ofMinutes(1)));
            });

    app.handle(Request.get("/a"));

    assertThat(app.handle(Request.get("/b")).status()).isEqualTo(503);
    assertThat(app.handle(Request.get("/c")).status()).isEqualTo(200);
  }

  @Test
  void clientsAreToldWhenToComeAgain() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.of(1).retryAfter(Duration.ofSeconds(90));
    Response refused =
        answer(limit, Request.get("/"), outer -> answer(limit, Request.get("/"), HELLO));

    assertThat(header(refused, "Retry-After")).isEqualTo("90");
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatThrownBy(() -> ConcurrencyLimit.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 request in or more");
    assertThatThrownBy(() -> ConcurrencyLimit.of(1).retryAfter(Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in seconds");
  }
}
