package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Outcome;
import dev.postlude.background.RunWhen;
import dev.postlude.background.StoreAction;
import dev.postlude.background.StoredTask;
import dev.postlude.background.TaskDirectory;
import dev.postlude.background.TaskGroup;
import dev.postlude.background.TaskStatus;
import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * S16, the half that stands in core: what a queue stores is stored before the response is written,
 * and released when it has been.
 */
final class S16StoredTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  /** What happened, in order. */
  private final List<String> events = new CopyOnWriteArrayList<>();

  private final CountDownLatch storing = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch revoked = new CountDownLatch(1);
  private final CompletableFuture<Void> safe = new CompletableFuture<>();

  /** Knows every id that begins with a letter; those with an r have a result. */
  private final TaskDirectory directory =
      id ->
          Optional.of(id)
              .filter(known -> Character.isLetter(known.charAt(0)))
              .map(
                  known ->
                      new TaskStatus(
                          known,
                          known.startsWith("r")
                              ? TaskStatus.Phase.SUCCEEDED
                              : TaskStatus.Phase.PENDING,
                          List.of(),
                          known.startsWith("r") ? "{\"pages\":3}" : null));

  private final class Stored implements StoredTask {
    private final String name;

    Stored(String name) {
      this.name = name;
    }

    @Override
    public CompletionStage<?> release() {
      events.add("release " + name);
      released.countDown();
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void revoke() {
      events.add("revoke " + name);
      revoked.countDown();
    }
  }

  private BackgroundTask stored(String name, StoreAction action) {
    return BackgroundTask.stored(name, name + "-1", directory, action);
  }

  private BackgroundTask atOnce(String name) {
    return stored(
        name,
        task -> {
          events.add("store " + task.name());
          return CompletableFuture.completedFuture(new Stored(name));
        });
  }

  private BackgroundTask whenSafe(String name) {
    return stored(
        name,
        task -> {
          events.add("store " + task.name() + " of " + task.route());
          storing.countDown();
          return safe.thenApply(nothing -> new Stored(name));
        });
  }

  private static BackgroundTask impossible(Exception why) {
    return BackgroundTask.stored(
        "impossible", "i", id -> Optional.empty(), task -> CompletableFuture.failedFuture(why));
  }

  private BackgroundTask note(String name) {
    return BackgroundTask.of(name, () -> events.add(name));
  }

  private static BackgroundTask failing() {
    return BackgroundTask.of(
        "failing",
        () -> {
          throw new IOException("expected by this test");
        });
  }

  private static Server serve(BackgroundTask task) {
    return Loopback.serve(routes -> routes.get("/", request -> Response.of(202).background(task)));
  }

  private static void quiet(Server server) throws InterruptedException {
    assertThat(server.background().awaitQuiet(LONG)).isTrue();
  }

  @Test
  void theResponseWaitsUntilTheTaskIsStoredAndTheTaskForTheResponse() throws Exception {
    try (Server server = serve(whenSafe("mail"));
        RawClient client = RawClient.to(server)) {
      client.send(get("/"));
      assertThat(storing.await(10, TimeUnit.SECONDS)).isTrue();
      client.socket().setSoTimeout(300); // long enough for an answer that did not wait
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
      client.socket().setSoTimeout(10_000);
      assertThat(events).containsExactly("store mail of /");

      server.background().pause(); // holds back what the write releases
      safe.complete(null);
      assertThat(client.read().status()).isEqualTo(202);
      assertThat(events).containsExactly("store mail of /");

      server.background().resume();
      quiet(server);
      assertThat(events).containsExactly("store mail of /", "release mail");
    }
  }

  @Test
  void theSameOnTheEventLoop() throws Exception {
    Server started =
        Loopback.serve(
            routes ->
                routes
                    .get("/", request -> Response.of(202).background(whenSafe("mail")))
                    .onEventLoop());
    try (Server server = started;
        RawClient client = RawClient.to(server)) {
      client.send(get("/"));
      assertThat(storing.await(10, TimeUnit.SECONDS)).isTrue();
      safe.complete(null);
      assertThat(client.read().status()).isEqualTo(202);
      quiet(server);
      assertThat(events).containsExactly("store mail of /", "release mail");
    }
  }

  @Test
  void whatCannotBeStoredIsNotAcceptedAndNothingElseOfTheResponseRuns() throws Exception {
    BackgroundTask both =
        BackgroundTask.parallel(atOnce("first"), impossible(new IOException("disk full")));
    List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    try (LogLines log = LogLines.of("dev.postlude.server");
        Server server =
            Loopback.serve(
                routes ->
                    routes.get(
                        "/",
                        request -> {
                          request.onFinish(exchange -> outcomes.add(exchange.outcome()));
                          request.onFinish(exchange -> events.add("" + exchange.status()));
                          return Response.of(202).background(both).background(note("local"));
                        }));
        RawClient client = RawClient.to(server)) {
      Reply reply = client.send(get("/")).read();

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(reply.text()).contains("could not be stored").doesNotContain("disk");
      quiet(server);
      assertThat(events).containsExactly("store first", "revoke first", "503");
      assertThat(outcomes).containsExactly(Outcome.SENT);
      assertThat(server.background().stats().groups().get("default").skipped()).isEqualTo(3);
      assertThat(log.all()).contains("disk full");
    }
  }

  @Test
  void anExceptionThatStandsForAnAnswerIsTheAnswer() throws Exception {
    try (Server server = serve(impossible(new HttpException(422, "this key was used before")));
        RawClient client = RawClient.to(server)) {
      Reply reply = client.send(get("/")).read();
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.text()).contains("this key was used before");
    }
  }

  @Test
  void aStoreThatThrowsHasNotStored() throws Exception {
    BackgroundTask throwing =
        stored(
            "throwing",
            task -> {
              throw new IllegalStateException("closed");
            });
    try (LogLines log = LogLines.of("dev.postlude.server");
        Server server = serve(throwing);
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get("/")).read().status()).isEqualTo(503);
      assertThat(log.all()).contains("closed");
    }
  }

  @Test
  void aClientThatLeftMeanwhileChangesNothing() throws Exception {
    try (Server server = serve(whenSafe("mail"));
        RawClient client = RawClient.to(server)) {
      client.send(get("/"));
      assertThat(storing.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      safe.complete(null);
      assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
      quiet(server);
      assertThat(events).containsExactly("store mail of /", "release mail");
    }
  }

  @Test
  void itIsReleasedWhereItStandsInItsChain() throws Exception {
    try (Server server = serve(BackgroundTask.chain(note("a"), atOnce("mail"), note("b")));
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      quiet(server);
      assertThat(events).containsExactly("store mail", "a", "release mail", "b");
    }
  }

  @Test
  void itIsTakenBackWhenItIsSkipped() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude");
        Server server = serve(failing().then(atOnce("mail")));
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      quiet(server);
      assertThat(events).containsExactly("store mail", "revoke mail");
      assertThat(log).isNotNull();
    }
    events.clear();
    try (Server server = serve(atOnce("mail").when(RunWhen.NOT_SENT));
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      quiet(server);
      assertThat(events).containsExactly("store mail", "revoke mail");
    }
  }

  @Test
  void whatHasNoPlaceIsNotStored() throws Exception {
    TaskGroup none = TaskGroup.of("none").maxConcurrent(1).maxQueued(0);
    BackgroundTask two = BackgroundTask.parallel(atOnce("a"), atOnce("b")).group(none);
    try (Server server = serve(two);
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get("/")).read().status()).isEqualTo(503);
      assertThat(events).isEmpty();
    }
  }

  @Test
  void acceptedWorkIsToldOfByTheDirectoryThatKnowsIt() throws Exception {
    Server started =
        Loopback.serve(
            routes -> {
              routes.taskStatus("/here");
              routes.taskStatus("/stored", directory);
              routes.get("/local", request -> Response.accepted(note("local")));
              routes.get("/mail", request -> Response.accepted(atOnce("mail")));
            });
    try (Server server = started;
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get("/local")).read().header("Location")).startsWith("/here/");
      assertThat(client.send(get("/mail")).read().header("Location")).isEqualTo("/stored/mail-1");
      assertThat(client.send(get("/stored/mail-1")).read().text()).contains("\"pending\"");
      assertThat(client.send(get("/stored/mail-1/result")).read().status()).isEqualTo(404);
      assertThat(client.send(get("/stored/1")).read().status()).isEqualTo(404);
      assertThat(client.send(get("/here/mail-1")).read().status()).isEqualTo(404);

      Reply done = client.send(get("/stored/report")).read();
      assertThat(done.status()).isEqualTo(303);
      assertThat(done.header("Location")).isEqualTo("/stored/report/result");
      Reply result = client.send(get("/stored/report/result")).read();
      assertThat(result.text()).isEqualTo("{\"pages\":3}");
      assertThat(result.header("Content-Type")).isEqualTo("application/json");
    }
  }

  @Test
  void theNearestStatusResourceIsTheOneThatIsPointedTo() throws Exception {
    Server started =
        Loopback.serve(
            routes -> {
              routes.taskStatus("/tasks");
              routes.get("/", request -> Response.accepted(note("a")));
              routes.group("/shop", S16StoredTest::shop);
            });
    try (Server server = started;
        RawClient client = RawClient.to(server)) {
      assertThat(client.send(get("/")).read().header("Location")).startsWith("/tasks/");
      String inShop = client.send(get("/shop/buy")).read().header("Location");
      assertThat(inShop).startsWith("/shop/tasks/");
      quiet(server);
      assertThat(client.send(get(inShop)).read().text()).contains("\"succeeded\"");
    }
  }

  private static void shop(Routes shop) {
    shop.taskStatus("/tasks");
    shop.get("/buy", request -> Response.accepted(BackgroundTask.of("ship", () -> {})));
  }

  @Test
  void aStatusResourceHasAFixedPath() {
    assertThatThrownBy(
            () -> App.of(routes -> routes.group("/{tenant}", group -> group.taskStatus("/tasks"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fixed path")
        .hasMessageContaining("/{tenant}/tasks");
  }
}
