package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.Retry;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.queue.page.TaskPage;
import dev.postlude.queue.task.TaskPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Mails that survive the process: on disk before the answer, sent by whoever is there. */
public final class DurableMail {
  private static final Path FILE =
      Path.of(System.getProperty("java.io.tmpdir"), "postlude-durable-mail.db");

  private DurableMail() {}

  record Mail(String to, String subject) {}

  /** Sends a mail. */
  @FunctionalInterface
  interface Sender {
    void send(Mail mail) throws Exception;
  }

  public static void main(String... arguments) throws Exception {
    if (List.of(arguments).contains("--worker")) {
      TaskQueue queue = TaskQueue.sqlite(FILE);
      define(queue, DurableMail::send);
      queue.work(); // no port; until SIGTERM
    } else {
      app().start(8080);
    }
  }

  public static App app() {
    return app(TaskQueue.sqlite(FILE), DurableMail::send);
  }

  static App app(TaskQueue queue, Sender sender) {
    TaskType<Mail> mail = define(queue, sender);
    return App.of(
            routes -> {
              routes.post(
                  "/mails",
                  request ->
                      Response.accepted(
                          mail.with(request.json(Mail.class), request.header("Idempotency-Key"))));
              routes.taskStatus("/tasks", queue);
              routes.group("/ops/tasks", TaskPage.of(queue)::routes); // elsewhere: behind a filter
            })
        .with(queue);
  }

  private static TaskType<Mail> define(TaskQueue queue, Sender sender) {
    return queue.define(
        "send-mail",
        Mail.class,
        TaskPolicy.defaults()
            .retry(Retry.times(5).backoff(Duration.ofSeconds(1)).jitter(0.5))
            .timeout(Duration.ofMinutes(1)),
        (mail, run) -> sender.send(mail));
  }

  private static void send(Mail mail) throws InterruptedException {
    Timeline.say("sending to " + mail.to());
    Pretend.work(Duration.ofSeconds(5));
    Timeline.say("mail sent to " + mail.to());
  }
}
