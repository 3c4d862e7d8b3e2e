package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.background.RunWhen;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise: a call returns after the finish hooks and tasks of its own request. */
class S15AfterTheTasksTest {
  private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);
  private static final TaskGroup ONE = TaskGroup.of("one at a time").maxConcurrent(1);
  private static final TaskGroup NONE = TaskGroup.of("no place").maxConcurrent(1).maxQueued(0);

  private static final Queue<String> done = new ConcurrentLinkedQueue<>();
  private static final CountDownLatch never = new CountDownLatch(1);

  private static BackgroundTask note(String name) {
    return BackgroundTask.of(name, context -> done.add(name + context.path()));
  }

  private static BackgroundTask noteLater(String name) {
    return BackgroundTask.async(
        name, context -> CompletableFuture.runAsync(() -> done.add(name + context.path()), LATER));
  }

  private static BackgroundTask flaky(String name, int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    return BackgroundTask.of(
            name,
            context -> {
              if (left.getAndDecrement() > 0) {
                throw new IOException("not yet");
              }
              done.add(name + context.path());
            })
        .retry(Retry.times(failures).backoff(Duration.ofMillis(1)));
  }

  private static Response ok(Request request) {
    return Response.text(request.path());
  }

  private static final App APP =
      App.of(
          routes -> {
            routes.get("/one/{n}", request -> ok(request).background(note("a")));
            routes.get(
                "/several/{n}",
                request ->
                    ok(request)
                        .background(note("a"))
                        .background(noteLater("b"))
                        .background(note("c")));
            routes.get(
                "/chain/{n}",
                request ->
                    ok(request)
                        .background(BackgroundTask.chain(note("a"), noteLater("b"), note("c"))));
            routes.get(
                "/parallel/{n}",
                request ->
                    ok(request)
                        .background(BackgroundTask.parallel(note("a"), noteLater("b"), note("c"))));
            routes.get("/retried/{n}", request -> ok(request).background(flaky("a", 3)));
            routes.get(
                "/delayed/{n}",
                request -> ok(request).background(note("a").delay(Duration.ofMillis(20))));
            routes.get(
                "/crossing/{n}",
                request ->
                    ok(request)
                        .background(note("a").group(ONE))
                        .background(note("b"))
                        .background(note("c").group(ONE)));
            routes.get(
                "/hooks/{n}",
                request -> {
                  request.onFinish(exchange -> done.add("first" + exchange.path()));
                  request.onFinish(exchange -> done.add("second" + exchange.path()));
                  return ok(request);
                });
            routes.get(
                "/both/{n}",
                request -> {
                  request.onFinish(exchange -> done.add("hook" + exchange.path()));
                  return ok(request).background(note("a"));
                });
            routes.get(
                "/failing/{n}",
                request -> {
                  request.onFinish(
                      exchange -> done.add("hook" + exchange.path() + exchange.status()));
                  throw new IllegalArgumentException("on purpose");
                });
            routes.get(
                "/promised/{n}",
                request ->
                    Response.async(
                        CompletableFuture.supplyAsync(
                            () -> ok(request).background(note("a")), LATER)));
            routes.get("/loop/{n}", request -> ok(request).background(note("a"))).onEventLoop();
            routes.get(
                "/large/{n}",
                request -> Response.text("x".repeat(3_000_000)).background(note("a")));
            routes.get("/to/{n}", request -> Response.redirect("/one/9").background(note("to")));
            routes.get(
                "/blocked", request -> ok(request).background("blocked", () -> never.await()));
            routes.get(
                "/skipped",
                request ->
                    ok(request)
                        .background(note("a").when(RunWhen.NOT_SENT))
                        .background(
                            BackgroundTask.of(
                                    "b",
                                    () -> {
                                      throw new IOException("on purpose");
                                    })
                                .then(note("c"))));
            routes.get(
                "/full",
                request ->
                    ok(request)
                        .background(BackgroundTask.parallel(note("a"), note("b")).group(NONE)));
            routes.get(
                "/accepted/{n}", request -> Response.accepted(note("a").retry(Retry.times(1))));
            routes.taskStatus("/tasks");
            routes.post("/refused", request -> ok(request)).maxBody(1);
            routes.onError(
                IllegalArgumentException.class, (request, error) -> Response.text(418, "teapot"));
          });

  @RegisterExtension static final TestClient client = TestClient.of(APP);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one",
        "several",
        "chain",
        "parallel",
        "retried",
        "delayed",
        "crossing",
        "hooks",
        "both",
        "promised",
        "loop",
        "large"
      })
  void aCallReturnsWhenAllOfItIsDone(String kind) {
    for (int i = 0; i < 20; i++) {
      done.clear();
      String path = "/" + kind + "/" + i;
      assertThat(client.get(path).status()).isEqualTo(200);
      assertRan(kind, path, List.copyOf(done));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one",
        "several",
        "chain",
        "parallel",
        "retried",
        "delayed",
        "crossing",
        "hooks",
        "both",
        "promised",
        "loop",
        "large"
      })
  void soDoesACallWithRestAssured(String kind) {
    for (int i = 0; i < 5; i++) {
      done.clear();
      String path = "/" + kind + "/" + i;
      client.given().get(path).then().statusCode(200);
      assertRan(kind, path, List.copyOf(done));
    }
  }

  private static void assertRan(String kind, String path, List<String> ran) {
    List<String> expected =
        switch (kind) {
          case "several", "chain", "crossing", "parallel" ->
              List.of("a" + path, "b" + path, "c" + path);
          case "hooks" -> List.of("second" + path, "first" + path);
          case "both" -> List.of("hook" + path, "a" + path);
          default -> List.of("a" + path);
        };
    if (kind.equals("parallel")) {
      assertThat(ran).containsExactlyInAnyOrderElementsOf(expected);
    } else {
      assertThat(ran).isEqualTo(expected);
    }
  }

  /** Fails within a few rounds if calls do not wait. */
  @RepeatedTest(1000)
  void aThousandTimes() {
    int before = done.size();
    client.get("/one/1000");
    assertThat(done).hasSize(before + 1);
  }

  /** The tasks are known before the response is, or this would see none now and then. */
  @Test
  void whoHasTheResponseHasItsTasks() {
    client.hold();
    List<TestResponse> responses = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TestResponse response = client.get((i % 2 == 0 ? "/one/" : "/loop/") + i);
      assertThat(response.tasks()).extracting(TestTask::outcome).containsExactly(Outcome.QUEUED);
      responses.add(response);
    }
    client.release();
    assertThat(responses)
        .allSatisfy(
            response -> assertThat(response.task("a").outcome()).isEqualTo(Outcome.SUCCEEDED));
  }

  @Test
  void callsOfManyThreadsEachWaitForTheirOwn() throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String path = "/several/" + i;
      work.add(
          () -> {
            client.get(path);
            assertThat(done).contains("a" + path, "b" + path, "c" + path);
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aCallDoesNotWaitForTheTasksOfAnother() {
    try (TestClient own = TestClient.of(APP)) {
      TestResponse blocked = own.fireAndForget().get("/blocked");
      done.clear();
      own.get("/one/1");
      own.given().get("/one/2");
      assertThat(done).containsExactly("a/one/1", "a/one/2");
      assertThat(blocked.task("blocked").outcome()).isNotEqualTo(Outcome.SUCCEEDED);
      own.server().background().shutdown(Duration.ZERO);
      assertThat(blocked.task("blocked").outcome()).isEqualTo(Outcome.ABANDONED);
    }
  }

  @Test
  void errorsHaveAnAfterwardsToo() {
    done.clear();
    assertThat(client.get("/failing/1").status()).isEqualTo(418);
    assertThat(done).containsExactly("hook/failing/1418");
    assertThat(client.get("/nowhere").status()).isEqualTo(404);
    assertThat(client.delete("/one/1").status()).isEqualTo(405);
    assertThat(client.post("/refused", "too much").status()).isEqualTo(413);
  }

  @Test
  void headHasAnAfterwardsToo() {
    done.clear();
    client.head("/one/1");
    assertThat(done).containsExactly("a/one/1");
  }

  @Test
  void aStatusResourceIsFinalWhenTheCallReturns() {
    for (int i = 0; i < 50; i++) {
      TestResponse accepted = client.get("/accepted/" + i);
      assertThat(accepted.status()).isEqualTo(202);
      assertThat(client.get(accepted.header("Location").orElseThrow()).text())
          .contains("succeeded");
    }
  }

  @Test
  void redirectsThatTheClientFollowsBelongToTheCall() {
    done.clear();
    client.given().get("/to/1").then().statusCode(200);
    assertThat(done).containsExactlyInAnyOrder("to/to/1", "a/one/9");
  }

  @Test
  void oneRestAssuredSpecificationServesSeveralCalls() {
    done.clear();
    var specification = client.given().header("X-Mine", "1");
    specification.get("/one/1");
    specification.get("/one/2");
    assertThat(done).containsExactly("a/one/1", "a/one/2");
  }

  @Test
  void theRequestIdIsLeftToTheTest() {
    done.clear();
    for (int i = 0; i < 3; i++) {
      TestRequest request =
          client.request(Method.GET, "/several/" + i).header("X-Request-Id", "always the same");
      assertThat(request.send().tasks()).hasSize(3);
      assertThat(done).hasSize(3 * (i + 1));
    }
  }

  @Test
  void tasksTellsWhatRan() {
    TestResponse response = client.get("/retried/1");
    assertThat(response.tasks())
        .containsExactly(new TestTask("a", Outcome.SUCCEEDED, 4, java.util.Optional.empty(), ""));
    assertThat(client.get("/several/1").tasks())
        .extracting(TestTask::name)
        .containsExactly("a", "b", "c");
  }

  @Test
  void tasksTellsWhatDidNotRunAndWhy() {
    TestResponse response = client.raiseBackgroundErrors(false).get("/skipped");
    assertThat(response.tasks())
        .extracting(TestTask::outcome)
        .containsExactly(Outcome.SKIPPED, Outcome.FAILED, Outcome.SKIPPED);
    assertThat(response.task("a").reason()).contains("NOT_SENT");
    assertThat(response.task("b").error()).containsInstanceOf(IOException.class);
    assertThat(response.task("c").reason()).contains("\"b\" failed");
  }

  @Test
  void aRejectedTaskIsToldAndDoesNotFailTheTest() {
    TestResponse response = client.get("/full");
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.tasks())
        .extracting(TestTask::outcome)
        .containsExactly(Outcome.REJECTED, Outcome.REJECTED);
  }
}
