package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundStats;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskContext;
import dev.postlude.background.TaskGroup;
import dev.postlude.background.TaskGroup.WhenFull;
import dev.postlude.filter.Cors;
import dev.postlude.filter.RequestIds;
import dev.postlude.filter.SecurityHeaders;
import dev.postlude.http.Cookie;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A place is taken before the response is written; when there is none, nobody is told a 202. */
class S09BoundsTest {
  private static final TaskGroup SMALL = TaskGroup.of("small").maxConcurrent(1).maxQueued(1);
  private static final TaskGroup LOSSY =
      TaskGroup.of("lossy").maxConcurrent(1).maxQueued(0).whenFull(WhenFull.DROP);

  private final CountDownLatch release = new CountDownLatch(1);
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final List<String> rejected = Collections.synchronizedList(new ArrayList<>());

  private BackgroundTask waiting(String name) {
    return BackgroundTask.of(
        name,
        () -> {
          assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
          ran.add(name);
        });
  }

  private void routes(Routes routes) {
    routes.get("/small/{n}", r -> Response.of(202).background(waiting(r.param("n")).group(SMALL)));
    routes
        .get(
            "/small-loop/{n}", r -> Response.of(202).background(waiting(r.param("n")).group(SMALL)))
        .onEventLoop();
    routes.get(
        "/two/{n}",
        r ->
            Response.of(202)
                .background("other", () -> ran.add("other"))
                .background(waiting(r.param("n")).group(SMALL)));
    routes.get("/lossy/{n}", r -> Response.of(202).background(waiting(r.param("n")).group(LOSSY)));
    routes.get("/none", r -> Response.text("no tasks"));
    routes.get("/default", r -> Response.of(202).background("default", () -> ran.add("default")));
  }

  private Server serve() {
    BackgroundListener listener =
        new BackgroundListener() {
          @Override
          public void rejected(TaskContext task) {
            rejected.add(task.name());
          }
        };
    return Loopback.serve(
        App.of(this::routes).with(BackgroundOptions.defaults().listener(listener)));
  }

  private void assertQuiet(Server server) throws Exception {
    assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/small/", "/small-loop/"})
  void withoutAPlaceTheAnswerIsA503AndNothingRuns(String path) throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      client.send(get(path + 1) + get(path + 2) + get(path + 3) + get("/two/4"));
      assertThat(client.read().status()).isEqualTo(202);
      assertThat(client.read().status()).isEqualTo(202);
      Reply third = client.read();
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("Retry-After")).isEqualTo("1");
      assertThat(third.header("Connection")).isEmpty();
      assertThat(third.text()).contains("too much background work is waiting");
      assertThat(client.read().status()).isEqualTo(503);

      release.countDown();
      assertQuiet(server);
      assertThat(ran).containsExactly("1", "2");
      assertThat(rejected).containsExactlyInAnyOrder("3", "other", "4");
      assertThat(client.send(get(path + 5)).read().status())
          .as("there is room again")
          .isEqualTo(202);
    }
  }

  @Test
  void theRefusalHasTheHeadersThatFiltersGiveEveryAnswer() throws Exception {
    App app =
        App.of(
            routes -> {
              routes.filter(Cors.origins("https://app.example.org").expose("X-Request-Id"));
              routes.filter(RequestIds.create());
              routes.filter(SecurityHeaders.create());
              routes.get(
                  "/orders",
                  r ->
                      Response.created("/orders/7")
                          .cookie(Cookie.of("order", "7"))
                          .background(waiting("mail").group(SMALL)));
            });
    String origin = "Origin: https://app.example.org";
    try (Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      client.send(get("/orders", origin).repeat(3));
      client.read();
      client.read();
      Reply third = client.read();

      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.org");
      assertThat(third.header("Access-Control-Expose-Headers")).isEqualTo("X-Request-Id");
      assertThat(third.header("Vary")).isEqualTo("Origin");
      assertThat(third.header("X-Request-Id")).isNotEmpty();
      assertThat(third.header("Content-Security-Policy")).isEqualTo("frame-ancestors 'none'");
      assertThat(third.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(third.header("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
      assertThat(third.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(third.header("Location") + third.header("Set-Cookie")).isEmpty();
      release.countDown();
      assertQuiet(server);
    }
  }

  @Test
  void aGroupThatDropsAnswersAllTheSame() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      client.send(get("/lossy/1") + get("/lossy/2"));
      assertThat(client.read().status()).isEqualTo(202);
      assertThat(client.read().status()).isEqualTo(202);

      release.countDown();
      assertQuiet(server);
      assertThat(ran).containsExactly("1");
      assertThat(rejected).containsExactly("2");
    }
  }

  @Test
  void requestsWithoutTasksAndOtherGroupsAreUnaffected() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      client.send(get("/small/1") + get("/small/2") + get("/none") + get("/default"));
      client.read();
      client.read();

      assertThat(client.read().text()).isEqualTo("no tasks");
      assertThat(client.read().status()).isEqualTo(202);
      release.countDown();
      assertQuiet(server);
      assertThat(ran).contains("default");
    }
  }

  @Test
  void waitingTasksHoldNoConnection() throws Exception {
    App app = App.of(this::routes);
    try (Server server = Loopback.serve(app, options -> options.maxConnections(1))) {
      for (int i = 0; i < 2; i++) {
        try (RawClient client = RawClient.to(server)) {
          client.send(get("/small/" + i, "Connection: close"));
          assertThat(client.readAll()).startsWith("HTTP/1.1 202 ");
        }
      }
      try (RawClient client = RawClient.to(server)) {
        assertThat(client.send(get("/none")).read().text()).isEqualTo("no tasks");
      }
      release.countDown();
    }
  }

  @Test
  void whatIsOfferedIsAccountedForToTheLast() throws Exception {
    try (Server server = serve();
        RawClient client = RawClient.to(server)) {
      int accepted = 0;
      client.send(get("/small/1").repeat(10) + get("/lossy/1").repeat(10));
      for (int i = 0; i < 20; i++) {
        accepted += client.read().status() == 202 ? 1 : 0;
      }
      release.countDown();
      assertQuiet(server);

      assertThat(accepted).isEqualTo(2 + 10);
      BackgroundStats.Group small = server.background().stats().groups().get("small");
      BackgroundStats.Group lossy = server.background().stats().groups().get("lossy");
      assertThat(List.of(small.submitted(), small.succeeded(), small.rejected()))
          .containsExactly(10L, 2L, 8L);
      assertThat(List.of(lossy.submitted(), lossy.succeeded(), lossy.rejected()))
          .containsExactly(10L, 1L, 9L);
    }
  }
}
