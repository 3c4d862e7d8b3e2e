package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.background.RunWhen;
import dev.postlude.http.Response;
import dev.postlude.http.TypeOf;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskRun;
import dev.postlude.queue.task.TaskState;
import dev.postlude.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees of stored tasks, over a socket. */
class AcceptedTest {
  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  record Mail(String to) {}

  private TaskQueue queue() {
    return TaskQueue.sqlite(folder.resolve("tasks.db")).with(QueueOptions.defaults().threads(4));
  }

  private HttpResponse<String> send(Server server, String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void anAcceptedTaskIsFoundByItsLocationAndLeadsToItsResult() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    TaskQueue queue = queue();
    TaskType<Mail> mail =
        queue.defineWithResult(
            "mail",
            Mail.class,
            (payload, run) -> {
              goOn.await();
              return new Mail("sent to " + payload.to());
            });
    App app =
        App.of(
                routes -> {
                  routes.post("/mails", request -> Response.accepted(mail.with(new Mail("ada"))));
                  routes.taskStatus("/tasks", queue);
                })
            .with(queue);
    try (Server server = app.start(0)) {
      HttpResponse<String> accepted = send(server, "POST", "/mails");

      assertThat(accepted.statusCode()).isEqualTo(202);
      String location = accepted.headers().firstValue("Location").orElseThrow();
      String id = location.substring("/tasks/".length());
      TaskRecord running = Bells.await(queue, id, TaskState.RUNNING);
      assertThat(running.payload()).isEqualTo("{\"to\":\"ada\"}");
      HttpResponse<String> unfinished = send(server, "GET", location);
      assertThat(unfinished.statusCode()).isEqualTo(200);
      assertThat(unfinished.headers().firstValue("Retry-After")).contains("1");
      assertThat(unfinished.body()).contains("\"status\":\"running\"");

      goOn.countDown();
      Bells.await(queue, id, TaskState.SUCCEEDED);
      HttpResponse<String> finished = send(server, "GET", location);
      assertThat(finished.statusCode()).isEqualTo(303);
      String result = finished.headers().firstValue("Location").orElseThrow();
      assertThat(send(server, "GET", result).body()).isEqualTo("{\"to\":\"sent to ada\"}");
    }
  }

  private final BlockingQueue<String> sent = Bells.notes();

  private void deliver(Mail mail, TaskRun run) {
    sent.add(mail.to());
  }

  @Test
  void aTaskWithoutAResultNeedsNoReturn() throws Exception {
    TaskQueue queue = queue();
    TaskPolicy policy = TaskPolicy.defaults();
    List<TaskType<Mail>> types =
        List.of(
            queue.define(
                "block",
                Mail.class,
                (mail, run) -> {
                  sent.add(mail.to());
                }),
            queue.define("reference", Mail.class, this::deliver),
            queue.define("policy", Mail.class, policy, this::deliver),
            queue.define("generic", new TypeOf<Mail>() {}, policy, this::deliver));
    App app =
        App.of(
                routes -> {
                  routes.post(
                      "/mails/{type:int}",
                      request ->
                          Response.accepted(
                              types.get(request.params().asInt("type")).with(new Mail("ada"))));
                  routes.taskStatus("/tasks", queue);
                })
            .with(queue);
    try (Server server = app.start(0)) {
      for (int i = 0; i < types.size(); i++) {
        HttpResponse<String> accepted = send(server, "POST", "/mails/" + i);
        String location = accepted.headers().firstValue("Location").orElseThrow();
        Bells.await(queue, location.substring("/tasks/".length()), TaskState.SUCCEEDED);
        assertThat(send(server, "GET", location).body()).contains("\"status\":\"succeeded\"");
        assertThat(send(server, "GET", location + "/result").statusCode()).isEqualTo(404);
      }
      assertThat(sent).containsExactly("ada", "ada", "ada", "ada");
    }
  }

  @Test
  void theSameKeyLeadsToTheSameTaskAndAnotherPayloadIsRefused() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskQueue queue = queue();
    TaskType<Mail> mail = queue.define("mail", Mail.class, (payload, run) -> ran.add(payload.to()));
    App app =
        App.of(
                routes -> {
                  routes.post(
                      "/mails/{to}",
                      request ->
                          Response.accepted(
                              mail.with(
                                  new Mail(request.param("to")),
                                  request.header("Idempotency-Key"))));
                  routes.taskStatus("/tasks", queue);
                })
            .with(queue);
    try (Server server = app.start(0)) {
      HttpResponse<String> first = send(server, "POST", "/mails/ada", "Idempotency-Key", "k1");
      HttpResponse<String> again = send(server, "POST", "/mails/ada", "Idempotency-Key", "k1");
      HttpResponse<String> other = send(server, "POST", "/mails/bob", "Idempotency-Key", "k1");

      assertThat(first.statusCode()).isEqualTo(202);
      assertThat(again.statusCode()).isEqualTo(202);
      assertThat(again.headers().firstValue("Location"))
          .isEqualTo(first.headers().firstValue("Location"));
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(Bells.next(ran)).isEqualTo("ada");
      String location = first.headers().firstValue("Location").orElseThrow();
      Bells.await(queue, location.substring("/tasks/".length()), TaskState.SUCCEEDED);
      assertThat(ran).isEmpty();
    }
  }

  @Test
  void whatCannotBeStoredIsNotAccepted() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskQueue queue = queue();
    TaskType<Mail> mail = queue.define("mail", Mail.class, (payload, run) -> ran.add(payload.to()));
    App app =
        App.of(
                routes ->
                    routes.post(
                        "/mails/{to}",
                        request -> Response.accepted(mail.with(new Mail(request.param("to"))))))
            .with(queue);
    try (Server server = app.start(0)) {
      try (Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"))) {
        connection
            .createStatement()
            .execute(
                "create trigger full before insert on postlude_tasks when new.payload like '%ada%'"
                    + " begin select raise(abort, 'database or disk is full'); end");
      }
      HttpResponse<String> refused = send(server, "POST", "/mails/ada");
      HttpResponse<String> accepted = send(server, "POST", "/mails/bob");

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(accepted.statusCode()).isEqualTo(202);
      assertThat(Bells.next(ran)).isEqualTo("bob");
    }
    assertThat(ran).isEmpty();
  }

  @Test
  void aTaskIsHeldForAsLongAsItsResponseTakes() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    CountDownLatch goOn = new CountDownLatch(1);
    TaskQueue queue =
        TaskQueue.sqlite(folder.resolve("tasks.db"))
            .with(
                QueueOptions.defaults()
                    .hold(Duration.ofMillis(300))
                    .pollEvery(Duration.ofMillis(20)));
    TaskType<Mail> mail = queue.define("mail", Mail.class, (payload, run) -> ran.add(payload.to()));
    App app =
        App.of(
                routes ->
                    routes.post(
                        "/slow",
                        request ->
                            Response.stream(
                                    "text/plain",
                                    out -> {
                                      out.write('a');
                                      out.flush();
                                      try {
                                        goOn.await();
                                      } catch (InterruptedException e) {
                                        throw new IOException(e);
                                      }
                                    })
                                .background(mail.with(new Mail("ada")))))
            .with(queue);
    try (Server server = app.start(0)) {
      CompletableFuture<HttpResponse<String>> response =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/slow"))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      try (Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"))) {
        long first = due(connection, 0);
        due(connection, first + 600); // put off for longer than two holds

        assertThat(queue.tasks(TaskQuery.all()).get(0).state()).isEqualTo(TaskState.HELD);
        assertThat(ran).isEmpty();
      }
      goOn.countDown();
      assertThat(Bells.value(response).body()).isEqualTo("a");
      assertThat(Bells.next(ran)).isEqualTo("ada");
    }
  }

  /** Waits until the only task is due no earlier than this, and returns when. */
  private static long due(Connection connection, long notBefore) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select execution_time from postlude_due")) {
        if (row.next() && row.getLong(1) >= notBefore) {
          return row.getLong(1);
        }
      }
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void aTaskThatIsSkippedLeavesNothingBehind() throws Exception {
    TaskQueue queue = queue();
    TaskType<Mail> mail = queue.define("mail", Mail.class, (payload, run) -> {});
    App app =
        App.of(
                routes ->
                    routes.post(
                        "/mails",
                        request ->
                            Response.text("no mail")
                                .background(mail.with(new Mail("ada")).when(RunWhen.NOT_SENT))))
            .with(queue);
    try (Server server = app.start(0)) {
      assertThat(send(server, "POST", "/mails").statusCode()).isEqualTo(200);
      while (!queue.tasks(TaskQuery.all()).isEmpty()) {
        LockSupport.parkNanos(5_000_000);
      }
    }
  }
}
