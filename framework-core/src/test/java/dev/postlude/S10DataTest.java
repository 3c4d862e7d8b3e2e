package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static dev.postlude.wire.Requests.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Outcome;
import dev.postlude.background.TaskContext;
import dev.postlude.background.TaskGroup;
import dev.postlude.context.Key;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a task may know: its own circumstances, how the response went, and the whole request. */
class S10DataTest {
  private static final Key<String> USER = Key.of("user");

  private final BlockingQueue<TaskContext> contexts = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  @Test
  void aContextTellsOfTheTaskAndTheExchange() throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.filter((request, next) -> next.handle(request.with(USER, "ann")));
                  routes.get(
                      "/users/{id}",
                      request -> Response.text(201, "\u20ac").background("mail", contexts::add));
                });
        RawClient client = RawClient.to(server)) {
      client.send(get("/users/a%2Fb?x=1", "X-Request-Id: id-42")).read();
      TaskContext context = contexts.poll(10, TimeUnit.SECONDS);
      server.close(); // and what it tells can be kept

      assertThat(context.name()).isEqualTo("mail");
      assertThat(context.group()).isEqualTo(TaskGroup.DEFAULT);
      assertThat(context.attempt()).isEqualTo(1);
      assertThat(context.requestId()).isEqualTo("id-42");
      assertThat(context.id()).isEqualTo("id-42/1");
      assertThat(context.method()).isEqualTo("GET");
      assertThat(context.path()).isEqualTo("/users/a%2Fb");
      assertThat(context.route()).isEqualTo("/users/{id}");
      assertThat(context.status()).isEqualTo(201);
      assertThat(context.bytesWritten()).isEqualTo(3);
      assertThat(context.outcome()).isEqualTo(Outcome.SENT);
      assertThat(context.attribute(USER)).contains("ann");
      assertThat(context.get(USER)).isEqualTo("ann");
      assertThat(context.exchange().receivedAt()).isBeforeOrEqualTo(context.queuedAt());
      assertThat(context.queuedAt()).isBeforeOrEqualTo(context.exchange().finishedAt());
      assertThat(context.startedAt()).isAfterOrEqualTo(context.exchange().finishedAt());
    }
  }

  @Test
  void theRequestIsStillThereWhenItsConnectionIsNot() throws Exception {
    try (Server server =
            Loopback.serve(
                routes ->
                    routes.post(
                        "/users/{id}",
                        request ->
                            Response.of(202)
                                .background(
                                    "late",
                                    () -> {
                                      gone.await(10, TimeUnit.SECONDS);
                                      String seen = everything(request);
                                      if (!seen.contains("/users/8")) { // runs at the same time
                                        read.add(seen);
                                      }
                                    })));
        RawClient client = RawClient.to(server)) {
      client.send(post("/users/7?q=a%20b", "the body", "X: 1", "Connection: close"));
      assertThat(client.readAll()).startsWith("HTTP/1.1 202 ");
      client.close();
      try (RawClient other = RawClient.to(server)) { // whose bytes may lie in the same buffers
        other.send(post("/users/8?q=XXXXX", "XXXXXXXX", "X: X")).read();
      }
      gone.countDown();

      assertThat(read.poll(10, TimeUnit.SECONDS)).isEqualTo("POST /users/7 7 [a b] 1 the body");
    }
  }

  private static String everything(Request request) {
    return String.join(
        " ",
        request.method().name(),
        request.path(),
        request.param("id"),
        request.query().all("q").toString(),
        request.header("X").orElse(""),
        request.text());
  }
}
