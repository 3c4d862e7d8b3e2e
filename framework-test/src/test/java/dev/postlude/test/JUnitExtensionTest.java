package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class JUnitExtensionTest {
  private static final Logger LOG = Logger.getLogger("dev.postlude.background");
  private static final Queue<String> done = new ConcurrentLinkedQueue<>();
  private static final App APP =
      App.of(
          routes -> {
            routes.get(
                "/note/{n}",
                request ->
                    Response.noContent().background("note", context -> done.add(context.path())));
            routes.get(
                "/fail",
                request ->
                    Response.noContent()
                        .background(
                            "fail",
                            () -> {
                              throw new IOException("on purpose");
                            }));
            routes.get(
                "/delay",
                request ->
                    Response.noContent()
                        .background(
                            BackgroundTask.of("delay", () -> {}).delay(Duration.ofMinutes(1))));
          });

  /** The extension without JUnit around it: what JUnit calls, called by the test. */
  private static final class Extension {
    private static final ExtensionContext CONTEXT =
        (ExtensionContext)
            Proxy.newProxyInstance(
                Extension.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });

    final JUnitTestClient callbacks;

    Extension(TestClient client) {
      callbacks = (JUnitTestClient) client;
    }

    void beforeAll() {
      callbacks.beforeAll(CONTEXT);
    }

    void beforeEach() {
      callbacks.beforeEach(CONTEXT);
    }

    void afterEach() {
      callbacks.afterEach(CONTEXT);
    }

    void afterAll() {
      callbacks.afterAll(CONTEXT);
    }
  }

  @RegisterExtension static final TestClient client = TestClient.of(APP);

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void theClientOutlivesTheTestsOfNestedClasses() {
    client.get("/note/1");
  }

  @Test
  void aTestMayTakeTheClientAsAParameter(TestClient parameter) {
    assertThat(parameter).isSameAs(client);
    assertThat(parameter.get("/note/1").status()).isEqualTo(204);
  }

  @Nested
  class Inside {
    @RegisterExtension final TestClient ofOneTest = TestClient.of(APP).fireAndForget();

    @Test
    void theOuterClientIsThere() {
      assertThat(client.get("/note/1").status()).isEqualTo(204);
    }

    @RepeatedTest(2)
    void aClientOfAnInstanceIsThereToo() {
      assertThat(ofOneTest.get("/note/1").status()).isEqualTo(204);
      assertThat(ofOneTest.port()).isNotEqualTo(client.port());
    }
  }

  @Nested
  @Execution(ExecutionMode.CONCURRENT)
  class InParallel {
    @RepeatedTest(50)
    void eachTestSeesItsOwnTasks(org.junit.jupiter.api.RepetitionInfo repetition) {
      String path = "/note/" + repetition.getCurrentRepetition();
      assertThat(client.get(path).task("note").outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(done).contains(path);
    }
  }

  @Test
  void aFailureThatNobodyWasToldOfFailsTheTestAtItsEnd() {
    TestClient own = TestClient.of(APP);
    Extension junit = new Extension(own);
    junit.beforeAll();
    junit.beforeEach();
    own.fireAndForget().get("/fail");
    assertThatThrownBy(junit::afterEach)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"fail\" of GET /fail");

    junit.beforeEach();
    own.get("/note/1");
    junit.afterEach();

    junit.beforeEach();
    own.raiseBackgroundErrors(false).fireAndForget().get("/fail");
    junit.afterEach();
    junit.afterAll();
    assertThat(catchThrowable(() -> own.get("/note/1"))).hasMessageContaining("closed");
  }

  @Test
  void aFailureOfATestInParallelIsNotOurs() throws Exception {
    TestClient own = TestClient.of(APP);
    Extension junit = new Extension(own);
    junit.beforeAll();
    CyclicBarrier barrier = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> failing =
          threads.submit(
              () -> {
                junit.beforeEach();
                own.fireAndForget().get("/fail");
                barrier.await(20, TimeUnit.SECONDS);
                barrier.await(20, TimeUnit.SECONDS);
                junit.afterEach();
                return null;
              });
      Future<?> fine =
          threads.submit(
              () -> {
                junit.beforeEach();
                barrier.await(20, TimeUnit.SECONDS);
                own.get("/note/1");
                junit.afterEach();
                barrier.await(20, TimeUnit.SECONDS);
                return null;
              });
      fine.get();
      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AssertionError.class);
    } finally {
      threads.shutdown();
      junit.afterAll();
    }
  }

  @Test
  void whatOneTestHoldsTheCallsOfAnotherWaitFor() throws Exception {
    TestClient own = TestClient.of(APP);
    Extension junit = new Extension(own);
    junit.beforeAll();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> holding =
          threads.submit(
              () -> {
                junit.beforeEach();
                own.hold();
                TestResponse mine = own.get("/note/1");
                held.countDown();
                assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(mine.task("note").outcome()).isEqualTo(Outcome.QUEUED);
                junit.afterEach(); // forgot to release
                assertThat(mine.task("note").outcome()).isEqualTo(Outcome.SUCCEEDED);
                return null;
              });
      Future<?> waiting =
          threads.submit(
              () -> {
                junit.beforeEach();
                assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
                TestResponse response = own.fireAndForget().get("/note/2");
                assertThat(response.task("note").outcome()).isEqualTo(Outcome.QUEUED);
                called.countDown();
                own.awaitBackground();
                assertThat(response.task("note").outcome()).isEqualTo(Outcome.SUCCEEDED);
                junit.afterEach();
                return null;
              });
      holding.get();
      waiting.get();
    } finally {
      threads.shutdown();
      junit.afterAll();
    }
  }

  @Test
  void whatAPoolCalledIsToldToTheTestThatRuns() throws Exception {
    TestClient own = TestClient.of(APP);
    Extension junit = new Extension(own);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      pool.submit(() -> {}).get(); // its thread is nobody's
      junit.beforeAll();
      junit.beforeEach();
      pool.submit(() -> own.fireAndForget().get("/fail")).get();
      assertThatThrownBy(junit::afterEach).hasMessageContaining("\"fail\"");
    } finally {
      pool.shutdown();
      junit.afterAll();
    }
  }

  @Test
  void oneClientMayServeSeveralClassesOfTests() {
    TestClient shared = TestClient.of(APP);
    Extension junit = new Extension(shared);
    for (int i = 0; i < 2; i++) {
      junit.beforeAll();
      junit.beforeEach();
      shared.get("/note/1");
      junit.afterEach();
      junit.afterAll();
    }
  }

  @Test
  void theEndOfATestSkipsTimeToo() {
    TestClient own = TestClient.of(APP).clock(TestTimer.skipping());
    Extension junit = new Extension(own);
    junit.beforeEach();
    TestResponse response = own.fireAndForget().get("/delay");
    junit.afterEach();
    assertThat(response.task("delay").outcome()).isEqualTo(Outcome.SUCCEEDED);
  }
}
